"""A matching problem as a linear program in whole numbers: one variable for each pair that is allowed.

Sessions that one person cannot do both are covered by cliques (rows of at most one), the hours of a day and of a
week are knapsacks. Bookings are taken out first. The rules are those of docs/MATCHING.md.
"""
import json
import math
from collections import defaultdict, namedtuple
from datetime import datetime
from zoneinfo import ZoneInfo

Pair = namedtuple("Pair", "session clinician score")

EARTH_METRES = 6_371_008.8


def road_metres(one, other):
    phi, psi = math.radians(one["latitude"]), math.radians(other["latitude"])
    east = math.radians(other["longitude"] - one["longitude"])
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(east / 2) ** 2
    return math.floor(2.6 * EARTH_METRES * math.asin(math.sqrt(half)) + 0.5)


class Model:
    """`pairs` are the variables, `rows` are (terms, limit) with terms of (variable, weight), `constant` is the score of
    the bookings."""

    def __init__(self, path):
        with open(path) as file:
            problem = json.load(file)
        self.problem = problem
        self.zone = ZoneInfo(problem["timezone"])
        self.practices = {practice["id"]: practice for practice in problem["practices"]}
        self.sessions = {session["id"]: session for session in problem["sessions"]}
        self.clinicians = {clinician["id"]: clinician for clinician in problem["clinicians"]}
        self.incumbent = {(pair["session"], pair["clinician"]) for pair in problem.get("incumbent", [])}
        self.drives = {}
        for session in problem["sessions"]:
            self.read_times(session)
        self.in_order = sorted(problem["sessions"], key=lambda session: (session["from"], session["until"]))
        for clinician in problem["clinicians"]:
            clinician["spans"] = [[self.minute(at) for at in span] for span in clinician["available"]]
        booked = defaultdict(list)
        left = {session["id"]: session.get("places", 1) for session in problem["sessions"]}
        self.constant = 0
        for pair in problem.get("booked", []):
            booked[pair["clinician"]].append(self.sessions[pair["session"]])
            left[pair["session"]] -= 1
            self.constant += self.score(self.sessions[pair["session"]], self.clinicians[pair["clinician"]])
        self.pairs, self.rows = [], []
        of_session = defaultdict(list)
        for clinician in problem["clinicians"]:
            self.add_clinician(clinician, booked[clinician["id"]], left, of_session)
        for session, variables in of_session.items():
            if len(variables) > left[session]:
                self.rows.append(([(variable, 1) for variable in variables], left[session]))

    @staticmethod
    def minute(text):
        return int(datetime.fromisoformat(text).timestamp()) // 60

    def read_times(self, session):
        start, end = (datetime.fromisoformat(session[key]).astimezone(self.zone) for key in ("start", "end"))
        session["from"], session["until"] = int(start.timestamp()) // 60, int(end.timestamp()) // 60
        session["day"], session["week"] = start.date(), start.isocalendar()[:2]
        session["last_day"] = end.date().isoformat()
        session["minutes"] = session["until"] - session["from"]

    def metres(self, session, clinician):
        return road_metres(clinician["home"], self.practices[session["practice"]])

    def allowed(self, session, clinician):
        asked = clinician["rates"].get(session["band"])
        if clinician["role"] not in session["roles"] or asked is None:
            return False
        if max(asked, session["rate_min"]) > session["rate_max"]:
            return False
        if (clinician.get("cleared_until") or "") < session["last_day"]:
            return False
        if not any(start <= session["from"] and session["until"] <= end for start, end in clinician["spans"]):
            return False
        for need in session.get("competencies", []):
            until = clinician.get("competencies", {}).get(need, "")
            if until is not None and until < session["last_day"]:
                return False
        practice = self.practices[session["practice"]]
        if practice["id"] in clinician.get("refuses", []) or clinician["id"] in practice.get("refuses", []):
            return False
        return self.metres(session, clinician) <= clinician["max_travel_metres"]

    def score(self, session, clinician):
        policy, practice = self.problem["policy"], session["practice"]
        rate = max(clinician["rates"].get(session["band"], 0), session["rate_min"])
        pay = (rate * session["minutes"] + 30) // 60
        points = policy["fill_points"] * session.get("priority", 1) + clinician.get("fairness_points", 0)
        points -= pay * policy["pay_points_per_pound"] // 100
        points -= self.metres(session, clinician) * policy["travel_points_per_km"] // 1000
        points += policy["preferred_practice_points"] * (practice in clinician.get("prefers", []))
        points += policy["continuity_points"] * (practice in clinician.get("recent_practices", []))
        return points + policy["incumbent_points"] * ((session["id"], clinician["id"]) in self.incumbent)

    def drive(self, one, other):
        if one == other:
            return 0
        key = (min(one, other), max(one, other))
        if key not in self.drives:
            self.drives[key] = -(-road_metres(self.practices[one], self.practices[other]) * 3 // 2000)
        return self.drives[key]

    def clash(self, one, other, clinician):
        first, second = sorted((one, other), key=lambda session: (session["from"], session["until"]))
        gap = self.drive(first["practice"], second["practice"])
        if first["day"] != second["day"]:
            gap = max(gap, clinician.get("rest_minutes", 0))
        return first["until"] + gap > second["from"]

    def add_clinician(self, clinician, booked, left, of_session):
        mine = []
        # In order of start, so that a later session has a higher variable.
        for session in self.in_order:
            if left[session["id"]] <= 0 or session in booked or not self.allowed(session, clinician):
                continue
            score = self.score(session, clinician)
            if score > 0 and not any(self.clash(session, other, clinician) for other in booked):
                mine.append((session, len(self.pairs)))
                of_session[session["id"]].append(len(self.pairs))
                self.pairs.append(Pair(session["id"], clinician["id"], score))
        self.add_cliques(clinician, mine)
        for period, key in (("week", "max_minutes_per_week"), ("day", "max_minutes_per_day")):
            if clinician.get(key) is not None:
                self.add_knapsacks(period, clinician[key], mine, booked)

    def add_cliques(self, clinician, mine):
        covered = set()
        # Neither rest nor a drive keeps sessions apart that lie farther from each other.
        apart = max(clinician.get("rest_minutes", 0), 24 * 60)
        for place, (session, variable) in enumerate(mine):
            near = (item for item in mine[:place] if item[0]["until"] + apart > session["from"])
            earlier = [item for item in near if self.clash(item[0], session, clinician)]
            while True:
                open_ones = [item for item in earlier if (item[1], variable) not in covered]
                if not open_ones:
                    break
                clique = [open_ones[0]]
                for item in open_ones[1:] + [item for item in earlier if item not in open_ones]:
                    if all(self.clash(item[0], other[0], clinician) for other in clique):
                        clique.append(item)
                variables = sorted({item[1] for item in clique} | {variable})
                covered.update((a, b) for a in variables for b in variables if a < b)
                self.rows.append(([(one, 1) for one in variables], 1))

    def add_knapsacks(self, period, cap, mine, booked):
        used, items = defaultdict(int), defaultdict(list)
        for session in booked:
            used[session[period]] += session["minutes"]
        for session, variable in mine:
            items[session[period]].append((variable, session["minutes"]))
        for when, terms in items.items():
            room = cap - used[when]
            if sum(minutes for _, minutes in terms) > room:
                self.rows.append((terms, max(0, room)))
