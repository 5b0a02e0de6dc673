#!/usr/bin/env python3
"""What fairness points do from one month to the next.

    fairness.py --locumbank target/release/locumbank [--seconds S] [--gap PERCENT] PROBLEM.json

The problem is planned once without fairness points. Then everybody gets points as the service gives them: 2,000 for
somebody who worked none of the time they offered, none for somebody who worked all of it, in proportion between. With
these points times 0, 1, 2, 4 and 8 the same month is planned again. For each such plan: places filled, pay, road
kilometres; for both months together the Gini coefficient of sessions a head among all who offer any time (0: all have
the same; 1: one has everything), the tenth who have least, the tenth who have most, and how many have none.
"""
import argparse
import json
import subprocess
import tempfile
from collections import Counter
from datetime import datetime

MOST_POINTS = 2_000


def minutes_between(start, end):
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()) // 60


def points_after(person, worked, weeks):
    offered = sum(minutes_between(*span) for span in person["available"])
    if person.get("max_minutes_per_week") is not None:
        offered = min(offered, person["max_minutes_per_week"] * weeks)
    return MOST_POINTS * (offered - min(worked, offered)) // offered if offered > 0 else 0


def gini(counts):
    counts = sorted(counts)
    weighted = sum(place * count for place, count in enumerate(counts, start=1))
    return 2 * weighted / (len(counts) * sum(counts)) - (len(counts) + 1) / len(counts)


def plan_of(problem, asked):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as source, tempfile.NamedTemporaryFile(suffix=".json") as out:
        json.dump(problem, source)
        source.flush()
        command = [asked.locumbank, "match", source.name, "--out", out.name, "--quiet"]
        command += ["--gap", f"{asked.gap:.6f}", "--seconds", str(asked.seconds)]
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
    days = sorted(session["start"][:10] for session in problem["sessions"])
    weeks = -(-minutes_between(days[0], days[-1]) // (7 * 24 * 60))
    for person in problem["clinicians"]:
        person["fairness_points"] = 0
    first = plan_of(problem, asked)
    minutes = {session["id"]: minutes_between(session["start"], session["end"]) for session in problem["sessions"]}
    worked, before = Counter(), Counter()
    for place in first["assignments"]:
        worked[place["clinician"]] += minutes[place["session"]]
        before[place["clinician"]] += 1
    points = {person["id"]: points_after(person, worked[person["id"]], weeks) for person in problem["clinicians"]}
    available = [person["id"] for person in problem["clinicians"] if person["available"]]
    print("| Points | Filled | Pay | Road km | Gini | Least tenth | Most tenth | With none | Gap |")
    print("|---|---|---|---|---|---|---|---|---|")
    for times in (0, 1, 2, 4, 8):
        for person in problem["clinicians"]:
            person["fairness_points"] = points[person["id"]] * times
        plan = plan_of(problem, asked)
        served = before + Counter(place["clinician"] for place in plan["assignments"])
        counts = sorted(served[person] for person in available)
        tenth = max(1, len(counts) // 10)
        pay = sum(place["pay_pence"] for place in plan["assignments"]) / 100
        metres = sum(place["road_metres"] for place in plan["assignments"])
        print(
            f"| × {times} | {plan['filled']:,} of {plan['places']:,} | £{pay:,.0f} | {metres / 1000:,.0f} | {gini(counts):.4f} "
            f"| {sum(counts[:tenth]) / tenth:.2f} | {sum(counts[-tenth:]) / tenth:.2f} | {counts.count(0)} | {plan['gap']} % |",
            flush=True,
        )


if __name__ == "__main__":
    main()
