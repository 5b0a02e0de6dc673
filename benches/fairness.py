#!/usr/bin/env python3
"""Plans a problem with its fairness points times 0, 1, 2, 4 and 8, and prints how the sessions are spread.

    fairness.py --locumbank target/release/locumbank [--seconds S] [--gap PERCENT] PROBLEM.json

For each plan: places filled, what they pay, road kilometres, the Gini coefficient of sessions a head among everybody
who offers any time (0: all have the same; 1: one has everything), the tenth who have least and the tenth who have
most, how many have none, and the sessions a head of each group of points.
"""
import argparse
import json
import subprocess
import tempfile
from collections import Counter, defaultdict


def gini(counts):
    counts = sorted(counts)
    weighted = sum(place * count for place, count in enumerate(counts, start=1))
    return 2 * weighted / (len(counts) * sum(counts)) - (len(counts) + 1) / len(counts)


def plan_of(binary, problem, asked):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as source, tempfile.NamedTemporaryFile(suffix=".json") as out:
        json.dump(problem, source)
        source.flush()
        command = [binary, "match", source.name, "--out", out.name, "--quiet"]
        command += ["--seconds", str(asked.seconds), "--gap", f"{asked.gap:.6f}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.load(open(out.name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--locumbank", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--gap", type=float, default=0.003)
    parser.add_argument("problem")
    asked = parser.parse_args()
    problem = json.load(open(asked.problem))
    points = {person["id"]: person.get("fairness_points", 0) for person in problem["clinicians"]}
    available = [person["id"] for person in problem["clinicians"] if person["available"]]
    print("| Points | Filled | Pay | km | Gini | Least tenth | Most tenth | None at all | A head, by points | Gap |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for times in (0, 1, 2, 4, 8):
        for person in problem["clinicians"]:
            person["fairness_points"] = points[person["id"]] * times
        plan = plan_of(asked.locumbank, problem, asked)
        served = Counter(place["clinician"] for place in plan["assignments"])
        counts = sorted(served[person] for person in available)
        tenth = max(1, len(counts) // 10)
        groups = defaultdict(list)
        for person in available:
            groups[points[person]].append(served[person])
        heads = ", ".join(f"{group}: {sum(own) / len(own):.2f}" for group, own in sorted(groups.items()))
        pay = sum(place["pay_pence"] for place in plan["assignments"]) / 100
        metres = sum(place["road_metres"] for place in plan["assignments"])
        print(
            f"| × {times} | {plan['filled']:,} of {plan['places']:,} | £{pay:,.0f} | {metres / 1000:,.0f} | {gini(counts):.4f} "
            f"| {sum(counts[:tenth]) / tenth:.2f} | {sum(counts[-tenth:]) / tenth:.2f} | {counts.count(0)} "
            f"| {heads} | {plan['gap']} % |",
            flush=True,
        )


if __name__ == "__main__":
    main()
