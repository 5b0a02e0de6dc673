//! A PDF (ISO 32000): kept as it is up to its end. What it tells of itself lies inside its structure, which nothing here
//! takes apart, and an administrator has to see it as its issuer signed it.

use super::NotKept;
use crate::people::document::FileKind;

const END: &[u8] = b"%%EOF";

/// Programs write a little after the end; a reader looks for it in so many last bytes.
const END_WITHIN: usize = 1024;

/// The file up to its end.
pub(super) fn whole(mut bytes: Vec<u8>) -> Result<Vec<u8>, NotKept> {
    let from = bytes.len().saturating_sub(END_WITHIN);
    let tail = bytes.get(from..).unwrap_or_default();
    let end = tail.windows(END.len()).rposition(|part| part == END);
    let end = end.ok_or(NotKept::Damaged(FileKind::Pdf))?;
    bytes.truncate(from + end + END.len());
    bytes.push(b'\n');
    Ok(bytes)
}
