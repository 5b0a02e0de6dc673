#!/usr/bin/env python3
"""Puts the same problem files to locumbank, HiGHS and OR-Tools CP-SAT, and prints what each reaches.

    compare.py --locumbank target/release/locumbank [--gap PERCENT] [--seconds S] PROBLEM.json ...

Each solver runs in a process of its own. The peers' time leaves out reading the file and building the model;
locumbank's includes reading, indexing, checking its own plan and writing it.
"""
import argparse
import json
import multiprocessing
import subprocess
import tempfile
import time

from model import Model


def with_highs(path, gap_percent, seconds, answer):
    import highspy
    import numpy

    model = Model(path)
    solver = highspy.Highs()
    solver.silent()
    count = len(model.pairs)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(model.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = numpy.array([float(pair.score) for pair in model.pairs])
    lp.col_lower_, lp.col_upper_ = numpy.zeros(count), numpy.ones(count)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * count
    lp.row_lower_ = numpy.full(len(model.rows), -highspy.kHighsInf)
    lp.row_upper_ = numpy.array([float(limit) for _, limit in model.rows])
    starts, columns, weights = [0], [], []
    for terms, _ in model.rows:
        columns.extend(column for column, _ in terms)
        weights.extend(float(weight) for _, weight in terms)
        starts.append(len(columns))
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_, matrix.index_, matrix.value_ = starts, columns, weights
    solver.setOptionValue("threads", 2)
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("mip_rel_gap", gap_percent / 100)
    solver.passModel(lp)
    began = time.monotonic()
    solver.run()
    took = time.monotonic() - began
    info = solver.getInfo()
    answer.put((model.constant + info.objective_function_value, model.constant + info.mip_dual_bound, took))


def with_cp_sat(path, gap_percent, seconds, answer):
    from ortools.sat.python import cp_model

    model = Model(path)
    cp = cp_model.CpModel()
    takes = [cp.new_bool_var("") for _ in model.pairs]
    for terms, limit in model.rows:
        if limit == 1 and all(weight == 1 for _, weight in terms):
            cp.add_at_most_one(takes[column] for column, _ in terms)
        else:
            cp.add(sum(weight * takes[column] for column, weight in terms) <= limit)
    cp.maximize(sum(pair.score * take for pair, take in zip(model.pairs, takes)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.relative_gap_limit = gap_percent / 100
    began = time.monotonic()
    status = solver.solve(cp)
    took = time.monotonic() - began
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    score = solver.objective_value if found else float("nan")
    answer.put((model.constant + score, model.constant + solver.best_objective_bound, took))


def in_a_process(solve, path, gap_percent, seconds):
    answer = multiprocessing.Queue()
    process = multiprocessing.Process(target=solve, args=(path, gap_percent, seconds, answer))
    process.start()
    try:
        # Building the model takes its time as well; a solver that overruns its own limit is ended.
        return answer.get(timeout=2 * seconds + 120)
    except Exception:
        return None
    finally:
        process.terminate()
        process.join()


def with_locumbank(binary, path, gap_percent, seconds):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        began = time.monotonic()
        command = [binary, "match", path, "--out", out.name, "--quiet"]
        command += ["--gap", f"{gap_percent:.6f}", "--seconds", str(seconds)]
        subprocess.run(command, check=True)
        took = time.monotonic() - began
        plan = json.load(open(out.name))
    return plan["score"], plan["upper_bound"], took


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--locumbank", required=True)
    parser.add_argument("--gap", type=float, default=0.01, help="per cent at which a solver may stop")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("problems", nargs="+")
    asked = parser.parse_args()
    print(f"{'problem':28} {'solver':10} {'score':>16} {'bound':>16} {'gap %':>9} {'seconds':>8} {'ratio':>7}")
    for path in asked.problems:
        ours = with_locumbank(asked.locumbank, path, asked.gap, asked.seconds)
        results = [("locumbank", ours)]
        for name, solve in (("HiGHS", with_highs), ("CP-SAT", with_cp_sat)):
            results.append((name, in_a_process(solve, path, asked.gap, asked.seconds)))
        for name, result in results:
            title = path.rsplit("/", 1)[-1].removesuffix(".json")
            if result is None:
                print(f"{title:28} {name:10} {'did not finish':>16}")
                continue
            score, bound, took = result
            gap = 100 * (bound - score) / max(1, abs(bound))
            ratio = took / ours[2]
            print(f"{title:28} {name:10} {score:16.0f} {bound:16.0f} {gap:9.4f} {took:8.2f} {ratio:7.1f}", flush=True)


if __name__ == "__main__":
    main()
