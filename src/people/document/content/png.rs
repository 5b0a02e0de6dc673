//! A PNG (ISO/IEC 15948): chunks with a length, a name and a checksum.

use flate2::Crc;

use super::{NotKept, ROOM_TO_SEAL, demand_size, four_bytes};
use crate::people::document::FileKind;

pub(super) const SIGNATURE: &[u8] = &[0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];

/// The chunks that make the picture: those that every program must know, and those of its colours and its size. Texts,
/// times, what cameras write, and whatever programs add for themselves are left out.
const KEPT: [&[u8; 4]; 11] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"];

/// Length, name and checksum.
const AROUND: usize = 12;

const DAMAGED: NotKept = NotKept::Damaged(FileKind::Png);

/// The picture alone.
pub(super) fn plain(bytes: &[u8]) -> Result<Vec<u8>, NotKept> {
    let mut kept = Vec::with_capacity(bytes.len() + ROOM_TO_SEAL);
    kept.extend_from_slice(SIGNATURE);
    let (mut at, mut has_points) = (SIGNATURE.len(), false);
    loop {
        let length = four_bytes(bytes, at).and_then(|length| usize::try_from(length).ok()).ok_or(DAMAGED)?;
        let end = at.checked_add(length).and_then(|end| end.checked_add(AROUND)).ok_or(DAMAGED)?;
        let chunk = bytes.get(at..end).ok_or(DAMAGED)?;
        let name = chunk.get(4..8).ok_or(DAMAGED)?;
        let (body, sum) = (chunk.get(4..length + 8).ok_or(DAMAGED)?, four_bytes(chunk, length + 8));
        if sum != Some(checksum(body)) || (name == b"IHDR") != (at == SIGNATURE.len()) {
            return Err(DAMAGED);
        }
        if name == b"IHDR" {
            let size = |at| four_bytes(body, at).map(u64::from).ok_or(DAMAGED);
            demand_size(FileKind::Png, size(4)?, size(8)?)?;
        }
        has_points |= name == b"IDAT";
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            kept.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return if has_points { Ok(kept) } else { Err(DAMAGED) };
        }
        at = end;
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}
