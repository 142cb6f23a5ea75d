"""The workflows: what they may do, what may reach their scripts, and the scripts themselves."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tools import executed

ROOT = Path(__file__).resolve().parents[1]
TEST = ROOT / ".github/workflows/test.yml"
CHECK = ROOT / "tools/student/files/check.yml"
GRADE = ROOT / "tools/grade/files/grade.yml"
SITE = ROOT / ".github/workflows/site.yml"
ALLOW = ROOT / "tools/grade/files/allow_bubblewrap.sh"
READING = pytest.mark.parametrize("path", [TEST, CHECK, GRADE], ids=lambda path: path.name)
WORKFLOWS = pytest.mark.parametrize("path", [TEST, CHECK, GRADE, SITE], ids=lambda path: path.name)


def read(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)  # YAML 1.1 takes the word for a truth
    return workflow


def steps_of(path):
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def step_of(path, name):
    (found,) = [step for step in steps_of(path) if step.get("name") == name]
    return found


@READING
def test_reads_the_repository_and_nothing_more(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    (checkout,) = [step for step in steps_of(path) if "checkout" in step.get("uses", "")]
    assert checkout["with"]["persist-credentials"] is False
    assert "pull_request_target" not in workflow["on"]


@WORKFLOWS
def test_no_expression_becomes_part_of_a_script(path):
    scripts = [step["run"] for step in steps_of(path) if "run" in step]
    assert scripts
    for script in scripts:
        assert "${{" not in script
        subprocess.run(["bash", "-n", "-c", script], check=True)


@WORKFLOWS
def test_ends(path):
    assert all(job["timeout-minutes"] <= 360 for job in read(path)["jobs"].values())


def test_only_the_job_that_runs_nothing_of_the_repository_may_publish_the_site():
    workflow = read(SITE)
    assert workflow["permissions"] == {"contents": "read"}
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert "permissions" not in build
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]
    (checkout,) = [step for step in build["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"]["persist-credentials"] is False
    assert list(workflow["on"]) == ["push", "workflow_dispatch"]
    assert workflow["on"]["push"]["branches"] == ["main"]


def test_the_site_that_is_published_is_the_one_that_was_built():
    (upload,) = [step for step in steps_of(SITE) if "upload-pages" in step.get("uses", "")]
    (build,) = [step["run"] for step in steps_of(SITE) if "run" in step]
    assert build.endswith(f"-m tools site --out {upload['with']['path']}")
    assert "--solved" not in build
    (cache,) = [step for step in steps_of(SITE) if "cache" in step.get("uses", "")]
    assert cache["with"]["path"] == executed.FOLDER


def test_a_learners_check_uploads_nothing_and_ends_when_a_newer_begins():
    uses = [step["uses"].partition("@")[0] for step in steps_of(CHECK) if "uses" in step]
    assert uses == ["actions/checkout", "actions/setup-python"]
    assert "secrets" not in CHECK.read_text(encoding="utf-8")
    assert read(CHECK)["concurrency"]["cancel-in-progress"] is True


def test_results_are_kept_shortly_and_whatever_came_of_the_grading():
    (upload,) = [step for step in steps_of(GRADE) if "upload-artifact" in step.get("uses", "")]
    assert upload["if"] == "always()"
    assert upload["with"]["path"] == "build/grades"
    assert upload["with"]["retention-days"] <= 7
    assert list(read(GRADE)["on"]) == ["workflow_dispatch"]


def test_only_one_step_sees_the_key():
    told = [step.get("name") for step in steps_of(GRADE) if "secrets" in str(step.get("env"))]
    assert told == ["Put the key outside of the repository"]


@pytest.fixture
def run_step(tmp_path):
    """A step's script in a folder of its own, as the runner starts it."""

    def run_step(name, **env):
        return subprocess.run(
            ["bash", "-e", "-c", step_of(GRADE, name)["run"]],
            cwd=tmp_path,
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path), **env},
            capture_output=True,
            text=True,
        )

    return run_step


class TestTheKey:
    def test_is_its_owners_alone(self, run_step, tmp_path):
        done = run_step("Put the key outside of the repository", GRADING_KEY="a $(b)'\"c")
        assert done.returncode == 0
        assert (tmp_path / "grading.key").read_text() == "a $(b)'\"c\n"
        assert (tmp_path / "grading.key").stat().st_mode & 0o777 == 0o600
        run_step("Remove the key")
        assert not (tmp_path / "grading.key").exists()

    def test_that_is_missing_is_said(self, run_step, tmp_path):
        done = run_step("Put the key outside of the repository", GRADING_KEY="")
        assert done.returncode == 2
        assert done.stdout.startswith("::error::There is no secret GRADING_KEY")
        assert not (tmp_path / "grading.key").exists()


class TestGrading:
    @pytest.fixture
    def grade(self, run_step, tmp_path):
        """The step that grades, with a Python that only keeps what it was told."""

        def grade(code, path="submissions", chapter="", results=True):
            python = tmp_path / "python"
            write = "mkdir -p build/grades && echo '{}' > build/grades/results.json\n"
            python.write_text(
                f'#!/bin/sh\nprintf "%s\\n" "$@" > told\n{write if results else ""}exit {code}\n'
            )
            python.chmod(0o755)
            done = run_step("Grade", SUBMISSIONS=path, CHAPTER=chapter)
            return done, (tmp_path / "told").read_text().splitlines()

        return grade

    def test_is_asked_for(self, grade, tmp_path):
        done, told = grade(0)
        assert (done.returncode, done.stdout) == (0, "")
        assert told == [
            *("-m", "tools.environment", "run", "-m", "tools", "grade", "./submissions"),
            *("--out", "build/grades", "--key", f"{tmp_path}/grading.key"),
        ]

    @pytest.mark.parametrize(
        "text", ["a b", "$(touch bad)", "`touch bad`", '"; touch bad; "', "-x"]
    )
    def test_an_input_is_one_argument_whatever_it_says(self, grade, tmp_path, text):
        _, told = grade(0, path=text, chapter=text)
        assert f"./{text}" in told
        assert told[-2:] == ["--chapter", text]
        assert not (tmp_path / "bad").exists()

    def test_that_needs_a_look_is_a_warning(self, grade):
        done, _ = grade(1)
        assert done.returncode == 0
        assert done.stdout.startswith("::warning::")

    @pytest.mark.parametrize(("code", "results"), [(1, False), (2, True), (2, False), (130, True)])
    def test_that_failed_fails(self, grade, code, results):
        done, _ = grade(code, results=results)
        assert (done.returncode, done.stdout) == (code, "")


class TestLettingBubblewrapWork:
    """With programs in place of the system's: each writes down that it was called."""

    @pytest.fixture
    def allow(self, tmp_path):
        def allow(works_after, present=True, **env):
            """``works_after`` is the program whose call lets bubblewrap work; "" if it works."""
            folder = tmp_path / "bin"
            folder.mkdir()
            for name in ("bash", "grep", "cat", "touch", "env"):
                (folder / name).symlink_to(shutil.which(name))

            def program(name, script):
                (folder / name).write_text(f"#!/bin/bash\n{script}\n")
                (folder / name).chmod(0o755)

            log = tmp_path / "log"
            log.touch()
            program("id", "echo 1000")
            program("sudo", '"$@"')
            program("tee", f"cat > {tmp_path}/profile; echo tee $1 >> {log}")
            for name in ("apparmor_parser", "sysctl"):
                program(name, f"echo {name} >> {log}")
            bwrap = f"grep --quiet '^{works_after}' {log} || [ -z '{works_after}' ]"
            install = f"echo apt-get >> {log}; cp {tmp_path}/bwrap {folder}/bwrap"
            program("apt-get", install)
            (folder / "cp").symlink_to(shutil.which("cp"))
            program("../bwrap", bwrap)
            if present:
                program("bwrap", bwrap)
            done = subprocess.run(
                [folder / "bash", ALLOW], env={"PATH": str(folder), **env}, capture_output=True
            )
            return done.returncode, log.read_text().split("\n")[:-1]

        return allow

    def test_changes_nothing_where_it_works(self, allow):
        assert allow("") == (0, [])

    def test_installs_it(self, allow):
        assert allow("", present=False) == (0, ["apt-get", "apt-get"])

    def test_gives_it_a_profile_of_its_own(self, allow, tmp_path):
        told = ["tee /etc/apparmor.d/bwrap", "apparmor_parser"]
        assert allow("apparmor_parser", GITHUB_ACTIONS="true") == (0, told)
        profile = (tmp_path / "profile").read_text()
        assert "profile bwrap /usr/bin/bwrap flags=(unconfined) {\n  userns,\n" in profile

    def test_opens_the_whole_machine_on_github_alone(self, allow):
        told = ["tee /etc/apparmor.d/bwrap", "apparmor_parser", "sysctl"]
        assert allow("sysctl", GITHUB_ACTIONS="true") == (0, told)

    def test_and_nowhere_else(self, allow):
        assert allow("sysctl") == (1, ["tee /etc/apparmor.d/bwrap", "apparmor_parser"])

    def test_says_so_where_nothing_helps(self, allow):
        assert allow("never", GITHUB_ACTIONS="true")[0] == 1
