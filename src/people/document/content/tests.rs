use flate2::Crc;

use super::{Content, NotKept, content};
use crate::people::document::FileKind;

fn kept(bytes: &[u8]) -> Vec<u8> {
    content(bytes.to_vec()).unwrap().bytes
}

fn refused(bytes: &[u8]) -> NotKept {
    content(bytes.to_vec()).unwrap_err()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|found| found == part)
}

fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(name);
    sum.update(body);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length, name, body, &sum.sum().to_be_bytes()].concat()
}

fn head(width: u32, height: u32) -> Vec<u8> {
    chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat())
}

fn png(parts: &[Vec<u8>]) -> Vec<u8> {
    [super::png::SIGNATURE.to_vec(), parts.concat()].concat()
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], body].concat()
}

fn frame(width: u16, height: u16) -> Vec<u8> {
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    segment(0xC0, &[&[8], &size[..], &[1, 1, 0x11, 0]].concat())
}

fn scan() -> Vec<u8> {
    [segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34]].concat()
}

fn jpeg(parts: &[Vec<u8>]) -> Vec<u8> {
    [vec![0xFF, 0xD8], parts.concat(), vec![0xFF, 0xD9]].concat()
}

/// What a camera says of a picture: which way up, by the smaller byte first, and where.
fn camera(way: u8) -> Vec<u8> {
    let entries =
        [0x0F, 0x01, 2, 0, 4, 0, 0, 0, b'S', b'a', b'm', 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, way, 0, 0, 0];
    let tiff = [b"II*\0\x08\0\0\0\x02\0".as_slice(), &entries, &[0; 4], b"51.5N 0.1W"].concat();
    segment(0xE1, &[b"Exif\0\0".as_slice(), &tiff].concat())
}

#[test]
fn a_file_is_what_its_content_is() {
    let pdf = b"%PDF-1.7\n1 0 obj\n%%EOF\n";
    assert_eq!(content(pdf.to_vec()), Ok(Content { kind: FileKind::Pdf, bytes: pdf.to_vec() }));
    assert_eq!(refused(b""), NotKept::Empty);
    let others: [&[u8]; 8] = [
        b"PK\x03\x04 a zip",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a",
        b"\0\0\0\x18ftypheic",
        b"MZ\x90",
        b" %PDF-1.7 %%EOF",
        b"\x89PNG",
    ];
    for other in others {
        assert_eq!(refused(other), NotKept::Unknown);
    }
}

#[test]
fn a_pdf_ends_where_it_ends() {
    assert_eq!(refused(b"%PDF-1.7 cut"), NotKept::Damaged(FileKind::Pdf));
    let two_files = b"%PDF-1.7\n%%EOF\nPK\x03\x04zip PK\x05\x06";
    assert_eq!(kept(two_files), b"%PDF-1.7\n%%EOF\n");
}

#[test]
fn a_picture_keeps_its_points_and_loses_what_was_written_beside_them() {
    let idat = chunk(b"IDAT", b"points");
    let told = [chunk(b"tEXt", b"Author\0Sam Secret"), chunk(b"eXIf", b"Secret"), chunk(b"tIME", b"Secret")];
    let file = png(&[head(2, 2), told.concat(), idat.clone(), chunk(b"IEND", b""), b"PK Secret".to_vec()]);
    let bytes = kept(&file);
    assert_eq!(bytes, png(&[head(2, 2), idat, chunk(b"IEND", b"")]));

    let app = segment(0xE0, b"JFIF\0Secret");
    let comment = segment(0xFE, b"Sam Secret");
    let file = jpeg(&[app, camera(1), comment.clone(), frame(2, 2), scan(), comment, scan()]);
    let bytes = kept(&[file, b"<script>Secret</script>".to_vec()].concat());
    assert_eq!(bytes, jpeg(&[frame(2, 2), scan(), scan()]));
    assert!(!has(&bytes, b"Secret") && !has(&bytes, b"51.5N"));
}

#[test]
fn a_picture_keeps_which_way_up_it_is() {
    let bytes = kept(&jpeg(&[camera(6), frame(2, 2), scan()]));
    assert!(has(&bytes, b"Exif\0\0MM") && !has(&bytes, b"51.5N") && !has(&bytes, b"Sam"));
    // What is left says the same, and is left as it is the next time.
    assert_eq!(kept(&bytes), bytes);
    for nonsense in
        [camera(9), camera(0), segment(0xE1, b"Exif\0\0II*\0\xFF\xFF\xFF\xFF"), segment(0xE1, b"Exif")]
    {
        assert_eq!(kept(&jpeg(&[nonsense, frame(2, 2), scan()])), jpeg(&[frame(2, 2), scan()]));
    }
}

#[test]
fn a_picture_nobody_can_open_is_refused() {
    let bomb = png(&[head(60_000, 60_000), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")]);
    assert_eq!(refused(&bomb), NotKept::TooManyPoints);
    assert_eq!(refused(&jpeg(&[frame(60_000, 60_000), scan()])), NotKept::TooManyPoints);
    assert_eq!(
        refused(&png(&[head(0, 2), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")])),
        NotKept::Damaged(FileKind::Png)
    );
}

#[test]
fn whatever_is_cut_or_changed_is_refused_or_kept_and_never_more_than_it_was() {
    let whole = [
        png(&[head(2, 2), chunk(b"IDAT", b"points"), chunk(b"IEND", b"")]),
        jpeg(&[camera(6), frame(2, 2), scan()]),
    ];
    for file in whole {
        let kept_whole = kept(&file);
        for length in 3..file.len() {
            assert!(content(file[..length].to_vec()).is_err(), "cut at {length}");
        }
        for at in 0..file.len() {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut changed = file.clone();
                changed[at] = value;
                if let Ok(content) = content(changed) {
                    assert!(content.bytes.len() <= kept_whole.len() + file.len(), "changed at {at}");
                }
            }
        }
    }
}
