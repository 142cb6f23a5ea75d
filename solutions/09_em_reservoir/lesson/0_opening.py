# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # 9. A reservoir that learns a picture

# %% [markdown] lang="ja"
# # 9. 絵を覚えるリザバー

# %% setup=true
# The build writes the set-up cell here: project root, test_func, show_solution, use_solution, ready.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from utils.optional import torch
from utils.pictures import load_cat
from utils.tqdm import tqdm, trange

# %%
FULL = False  # True: the chapter's full setting, for a GPU or a patient CPU
SIZE, HIDDEN = (128, 256) if FULL else (48, 64)
image = load_cat(SIZE)
