//! The picture of a sweep: places filled against the rate, with the most that any plan could fill.

use std::fmt::Write;

use super::SweepPoint;

const WIDTH: i64 = 800;
const HEIGHT: i64 = 420;
const LEFT: i64 = 70;
const RIGHT: i64 = 20;
const TOP: i64 = 50;
const BOTTOM: i64 = 60;

/// An SVG chart of a sweep, readable without colour: the filled places as a whole line, the most that any plan
/// could fill as a dashed one.
#[must_use]
pub fn chart(points: &[SweepPoint], title: &str) -> String {
    let lowest = points.iter().map(|point| point.filled).min().unwrap_or(0);
    let highest = points.iter().map(|point| point.most_filled).max().unwrap_or(1);
    let (from, to) = round_limits(lowest.cast_signed(), highest.cast_signed());
    let first = points.first().map_or(0, |point| point.rate_pence_per_hour);
    let last = points.last().map_or(1, |point| point.rate_pence_per_hour);
    let across = |rate: i64| LEFT + (rate - first) * (WIDTH - LEFT - RIGHT) / (last - first).max(1);
    let up = |places: i64| HEIGHT - BOTTOM - (places - from) * (HEIGHT - TOP - BOTTOM) / (to - from).max(1);
    let line = |places: &dyn Fn(&SweepPoint) -> u64| {
        let corner = |point: &SweepPoint| {
            format!("{},{}", across(point.rate_pence_per_hour), up(places(point).cast_signed()))
        };
        points.iter().map(corner).collect::<Vec<_>>().join(" ")
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"Arial, sans-serif\" font-size=\"14\">\n<title>{0}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"18\" font-weight=\"bold\">{0}</text>\n",
        escaped(title)
    );
    for tick in 0..=4 {
        let places = from + (to - from) * tick / 4;
        let y = up(places);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#d8dde0\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{places}</text>",
            WIDTH - RIGHT,
            LEFT - 8,
            y + 5
        );
        let rate = first + (last - first) * tick / 4;
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">£{}.{:02}</text>",
            across(rate),
            HEIGHT - BOTTOM + 22,
            rate / 100,
            rate % 100
        );
    }
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#4c6272\" stroke-width=\"2\" stroke-dasharray=\"6 5\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#005eb8\" stroke-width=\"3\"/>\n\
         <text x=\"{LEFT}\" y=\"{}\">Places filled (whole line) and the most any plan could fill (dashed), \
         by pounds an hour</text>\n</svg>",
        line(&|point| point.most_filled),
        line(&|point| point.filled),
        HEIGHT - 12
    );
    svg
}

/// Limits a little outside, on whole hundreds where the span is wide and on whole tens where it is not.
fn round_limits(lowest: i64, highest: i64) -> (i64, i64) {
    let unit = if highest - lowest > 200 { 100 } else { 10 };
    (lowest.div_euclid(unit) * unit, (highest.div_euclid(unit) + 1) * unit)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
