//! How the cost of a plan grows with its pairs: England in pieces of like density, each planned to a gap of one per cent
//! by the binary in a process of its own. `./dev bench growth`; `PAIRS=` for the largest piece in pairs, 10,000,000 at
//! first.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use matching::example::{District, Request, Shape, example, read_districts};
use matching::fits::{Told, fits};
use matching_model::format::write_problem;
use matching_model::plan::Plan;
use matching_model::problem::Problem;

/// Postcode areas, each piece with those before it: about 15,000, 100,000, 900,000 and six million pairs.
const PIECES: [&[&str]; 4] = [
    &["WR", "DY"],
    &["HR", "GL", "WS", "WV", "TF"],
    &["B", "CV", "DE", "LE", "NG", "NN", "ST", "SY", "LN", "PE", "MK", "OX", "S", "SK", "M"],
    &[
        "AL", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "CA", "CB", "CH", "CM", "CO", "CR", "CT", "CW",
        "DA", "DH", "DL", "DN", "DT", "E", "EC", "EN", "EX", "FY", "GU", "HA", "HD", "HG", "HP", "HU", "HX",
        "IG", "IP", "KT", "L", "LA", "LS", "LU", "ME", "N", "NE", "NR", "NW", "OL", "PL", "PO", "PR", "RG",
        "RH", "RM", "SE", "SG", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "SW", "TA", "TN", "TQ", "TR", "TS",
        "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "YO",
    ],
];

/// A week's sessions in each postcode district, and clinicians for ten districts: a hundred thousand and thirty thousand
/// in all of England.
const SESSIONS_A_DISTRICT: usize = 48;
const CLINICIANS_IN_TEN_DISTRICTS: usize = 144;

/// What one run took.
struct Took {
    wall: Duration,
    processor: Duration,
    most_kilobytes: u64,
}

fn main() {
    // cargo passes --bench, and what the caller looks for.
    let filters: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if !filters.is_empty() && !filters.iter().any(|filter| "growth".contains(filter.as_str())) {
        return;
    }
    let most = std::env::var("PAIRS").ok().and_then(|most| most.parse().ok()).unwrap_or(10_000_000);
    let districts = read_districts(include_str!("../config/outcodes.csv")).expect("the districts");
    let folder = tempfile::tempdir().expect("a folder");
    let mut areas: Vec<&str> = Vec::new();
    let mut first: Option<(usize, Duration)> = None;
    println!(
        "{:>9} {:>9} {:>7} {:>9} {:>10} {:>9} {:>7}",
        "pairs", "sessions", "gap %", "wall s", "processor s", "MB", "power"
    );
    for piece in PIECES {
        areas.extend(piece);
        let problem = piece_of(&areas, &districts);
        let pairs = pairs_of(&problem);
        if pairs > most {
            break;
        }
        let sessions = problem.sessions.len();
        let path = folder.path().join("problem.json");
        write_problem(&problem, BufWriter::new(File::create(&path).expect("a file"))).expect("writes");
        drop(problem);
        let (took, plan) = planned(folder.path());
        let (first_pairs, first_took) = *first.get_or_insert((pairs, took.processor));
        let power =
            (took.processor.as_secs_f64() / first_took.as_secs_f64()).ln() / ratio(pairs, first_pairs).ln();
        println!(
            "{pairs:>9} {sessions:>9} {:>7} {:>9.2} {:>10.2} {:>9} {:>7}",
            plan.gap.to_string(),
            took.wall.as_secs_f64(),
            took.processor.as_secs_f64(),
            took.most_kilobytes / 1_024,
            if pairs == first_pairs { "-".to_owned() } else { format!("{power:.2}") },
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "pairs are far below 2^53")]
fn ratio(one: usize, other: usize) -> f64 {
    one as f64 / other as f64
}

fn piece_of(areas: &[&str], districts: &[District]) -> Problem {
    let is_inside = |district: &&District| {
        let letters = district.outcode.trim_end_matches(|sign: char| !sign.is_ascii_alphabetic());
        areas.contains(&letters.split(|sign: char| sign.is_ascii_digit()).next().unwrap_or_default())
    };
    let count = districts.iter().filter(is_inside).count();
    let request = Request {
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        sessions: count * SESSIONS_A_DISTRICT,
        clinicians: count * CLINICIANS_IN_TEN_DISTRICTS / 10,
        weeks: 1,
        start: "2027-01-04".parse().expect("a date"),
        seed: 1,
        shape: Shape::Usual,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 0,
        incumbent_per_mille: 0,
    };
    example(&request, districts).expect("an example")
}

fn pairs_of(problem: &Problem) -> usize {
    fits(problem, &Told::new(), usize::MAX)
        .expect("a sound problem")
        .values()
        .map(|fits| fits.new.len())
        .sum()
}

fn planned(folder: &Path) -> (Took, Plan) {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_locumbank"));
    command.args([
        "match",
        "problem.json",
        "--out",
        "plan.json",
        "--gap",
        "1",
        "--seconds",
        "600",
        "--quiet",
    ]);
    let mut run = command.current_dir(folder).stdout(Stdio::null()).spawn().expect("the binary starts");
    let mut took = Took { wall: Duration::ZERO, processor: Duration::ZERO, most_kilobytes: 0 };
    while run.try_wait().expect("its state").is_none() {
        look(&run, &mut took);
        std::thread::sleep(Duration::from_millis(5));
    }
    took.wall = began.elapsed();
    let plan = fs::read(folder.join("plan.json")).expect("a plan");
    (took, serde_json::from_slice(&plan).expect("a plan"))
}

/// What a running process took so far, as Linux tells it; nothing changes where it is over already.
fn look(run: &Child, took: &mut Took) {
    let told = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", run.id())).unwrap_or_default();
    let status = told("status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok());
    took.most_kilobytes = took.most_kilobytes.max(peak.unwrap_or(0));
    let stat = told("stat");
    // The name, in brackets, may hold anything; the ticks of a hundredth of a second are the 12th and 13th after it.
    let ticks = stat.rsplit(')').next().map(|rest| rest.split_whitespace().skip(11).take(2));
    let ticks: u64 = ticks.into_iter().flatten().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    took.processor = took.processor.max(Duration::from_millis(ticks * 10));
}
