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
# # Chapter 8: closed-loop control with echo state networks

# %% [markdown] lang="ja"
# # 第8章 エコーステートネットワークによる閉ループ制御

# %% setup=true
# The build writes the set-up cell here: project root, test_func, show_solution, use_solution, ready.

# %%
import matplotlib.pyplot as plt
import numpy as np

from utils.chaos import chongxin_func, lorenz_func, mackey_glass, runge_kutta
from utils.metrics import nrmse, return_map_distance, valid_prediction_time
from utils.reservoir import ESN, Linear, RidgeReadout, RLSReadout
from utils.tqdm import tqdm, trange
from utils.viewer import (
    construct_delayed_coord,
    show_3d_coord,
    show_delayed_coord,
    show_record,
    show_return_map,
    show_trajectory,
)
