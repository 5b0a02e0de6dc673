//! A JPEG (ITU-T T.81): segments that begin with a marker, and after some the coded points.

use super::{NotKept, ROOM_TO_SEAL, demand_size, two_bytes};
use crate::people::document::FileKind;

const DAMAGED: NotKept = NotKept::Damaged(FileKind::Jpeg);

const MARK: u8 = 0xFF;
const START: u8 = 0xD8;
const END: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
const COMMENT: u8 = 0xFE;
/// Where cameras write what they know: when, where, by whom; and which way up the picture is.
const APP_1: u8 = 0xE1;
/// How the colours are coded, by a program of Adobe.
const APP_14: u8 = 0xEE;

/// What stands before the description of a camera.
const EXIF: &[u8] = b"Exif\0\0";
/// Which way up a picture is, in that description: the entry's tag.
const ORIENTATION: u16 = 0x0112;
/// A description lists so many entries at most before it is no picture's.
const MOST_ENTRIES: usize = 200;

/// The picture alone. Which way up it is stays with it: phones do not turn what they take.
pub(super) fn plain(bytes: &[u8]) -> Result<Vec<u8>, NotKept> {
    let mut kept = Vec::with_capacity(bytes.len() + ROOM_TO_SEAL);
    kept.extend_from_slice(&[MARK, START]);
    let (mut at, mut has_points, mut has_size) = (2, false, false);
    loop {
        let marker = next_marker(bytes, &mut at)?;
        if marker == END {
            kept.extend_from_slice(&[MARK, END]);
            return if has_points && has_size { Ok(kept) } else { Err(DAMAGED) };
        }
        let segment = segment(bytes, at)?;
        at += segment.len();
        if is_size(marker) {
            let size = |at| two_bytes(segment, at).map(u64::from).ok_or(DAMAGED);
            demand_size(FileKind::Jpeg, size(5)?, size(3)?)?;
            has_size = true;
        }
        if marker == APP_1 {
            kept.extend(turned(segment));
        } else if is_picture(marker) {
            kept.extend_from_slice(&[MARK, marker]);
            kept.extend_from_slice(segment);
        }
        if marker == START_OF_SCAN {
            let points = points(bytes, at)?;
            has_points |= !points.is_empty();
            at += points.len();
            kept.extend_from_slice(points);
        }
    }
}

/// The marker at a place, which moves on past it; it may be filled up before with marks.
fn next_marker(bytes: &[u8], at: &mut usize) -> Result<u8, NotKept> {
    if bytes.get(*at) != Some(&MARK) {
        return Err(DAMAGED);
    }
    while bytes.get(*at) == Some(&MARK) {
        *at += 1;
    }
    let marker = *bytes.get(*at).ok_or(DAMAGED)?;
    *at += 1;
    // Those that stand alone have no place between segments.
    if marker == 0 || marker == 1 || (0xD0..=START).contains(&marker) { Err(DAMAGED) } else { Ok(marker) }
}

/// A segment with its length, after its marker.
fn segment(bytes: &[u8], at: usize) -> Result<&[u8], NotKept> {
    let length = two_bytes(bytes, at).map(usize::from).filter(|length| *length >= 2).ok_or(DAMAGED)?;
    bytes.get(at..at + length).ok_or(DAMAGED)
}

/// The coded points from a place to the marker that ends them.
fn points(bytes: &[u8], at: usize) -> Result<&[u8], NotKept> {
    let coded = bytes.get(at..).unwrap_or_default();
    let is_end = |pair: &[u8]| matches!(pair, [MARK, next] if *next != 0 && !(0xD0..=0xD7).contains(next) && *next != MARK);
    let length = coded.windows(2).position(is_end).ok_or(DAMAGED)?;
    coded.get(..length).ok_or(DAMAGED)
}

/// Whether a segment says how large the picture is.
fn is_size(marker: u8) -> bool {
    (0xC0..=0xCF).contains(&marker) && ![0xC4, 0xC8, 0xCC].contains(&marker)
}

/// Whether a segment is the picture's own: no comment, and of what programs add only how the colours are coded.
fn is_picture(marker: u8) -> bool {
    let is_added = (0xE0..=0xEF).contains(&marker) || (0xF0..=0xFD).contains(&marker);
    marker != COMMENT && (!is_added || marker == APP_14)
}

/// A description of a camera that says which way up the picture is, and nothing else; none where it lies as it was taken.
fn turned(segment: &[u8]) -> Vec<u8> {
    let way = segment.get(2..).and_then(|body| body.strip_prefix(EXIF)).and_then(orientation);
    let Some(way) = way.filter(|way| (2..=8).contains(way)) else { return Vec::new() };
    let mut written = vec![MARK, APP_1, 0, 34];
    written.extend_from_slice(EXIF);
    written.extend_from_slice(b"MM\0*\0\0\0\x08\0\x01");
    written.extend_from_slice(&ORIENTATION.to_be_bytes());
    written.extend_from_slice(&[0, 3, 0, 0, 0, 1, 0, way, 0, 0, 0, 0, 0, 0]);
    written
}

/// Which way up the picture is, from 1 to 8, in a description (TIFF 6.0).
fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_small_first = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| -> Option<u32> {
        let read = tiff.get(at..at.checked_add(length)?)?;
        let add = |sum: u32, byte: &u8| (sum << 8) | u32::from(*byte);
        Some(if is_small_first { read.iter().rev().fold(0, add) } else { read.iter().fold(0, add) })
    };
    let list = usize::try_from(number(4, 4)?).ok()?;
    let entries = usize::try_from(number(list, 2)?).ok()?.min(MOST_ENTRIES);
    let starts = (0..entries).map(|entry| list + 2 + entry * 12);
    let entry = starts.into_iter().find(|at| number(*at, 2) == Some(ORIENTATION.into()))?;
    u8::try_from(number(entry + 8, 2)?).ok()
}
