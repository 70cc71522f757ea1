//! Looks at the outside of an uploaded file: which of the four image containers it is, and whether it is whole.
//!
//! Runs before any decoder does, because decoders forgive a missing end and trust the sizes written deep inside a file.
//! Knows bytes and markers only: no pixels, no file names, no HTTP, no database.

use super::{ImageFault, MediaType, check_dimensions};

/// Scans in one JPEG. Encoders write about ten for a progressive image; each one is another pass over all blocks.
const MAX_JPEG_SCANS: u32 = 64;

/// The container of the file, by its first bytes; `None` for anything that is not one of the four.
///
/// A name or a declared type plays no part, so an HTML page or an SVG called `photo.png` is not recognised.
pub(super) fn recognise(bytes: &[u8]) -> Option<MediaType> {
    const PNG: &[u8] = &[0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];

    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(MediaType::Jpeg)
    } else if bytes.starts_with(PNG) {
        Some(MediaType::Png)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(MediaType::Gif)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(MediaType::Webp)
    } else {
        None
    }
}

/// Refuses what the decoder of this container would let through: a JPEG without its end, a WebP whose frames are larger
/// than allowed.
///
/// PNG and GIF need no such look, their decoders fail on missing pixels and take sizes from the start of the file only.
///
/// # Errors
/// [`ImageFault::Broken`] or [`ImageFault::TooManyPixels`].
pub(super) fn check(bytes: &[u8], media_type: MediaType) -> Result<(), ImageFault> {
    match media_type {
        MediaType::Jpeg => check_jpeg(bytes),
        MediaType::Webp => check_webp(bytes),
        MediaType::Png | MediaType::Gif => Ok(()),
    }
}

/// Walks the segments of a JPEG (ITU-T T.81, annex B) up to the end-of-image marker, which must be there.
///
/// The lengths of segments are followed, so the end marker of a thumbnail inside EXIF does not count.
fn check_jpeg(bytes: &[u8]) -> Result<(), ImageFault> {
    const END_OF_IMAGE: u8 = 0xD9;
    const START_OF_SCAN: u8 = 0xDA;
    const START_OF_IMAGE: u8 = 0xD8;

    let mut rest = Remaining(bytes);
    let mut scans = 0;
    loop {
        let marker = rest.next_jpeg_marker().ok_or(ImageFault::Broken)?;
        match marker {
            END_OF_IMAGE if scans > 0 => return Ok(()),
            END_OF_IMAGE => return Err(ImageFault::Broken),
            START_OF_IMAGE => continue,
            START_OF_SCAN => scans += 1,
            _ => {}
        }
        if scans > MAX_JPEG_SCANS {
            return Err(ImageFault::Broken);
        }
        let length = rest.big_endian_16().ok_or(ImageFault::Broken)?;
        let payload = length.checked_sub(2).ok_or(ImageFault::Broken)?;
        rest.take(usize::from(payload)).ok_or(ImageFault::Broken)?;
    }
}

/// Walks the chunks of a WebP (RFC 9649) and checks the size of the canvas and of every frame before a decoder reserves
/// memory for it.
fn check_webp(bytes: &[u8]) -> Result<(), ImageFault> {
    let mut header = Remaining(bytes);
    header.take(4).ok_or(ImageFault::Broken)?;
    let length = header.little_endian_32().ok_or(ImageFault::Broken)?;
    let content = header.take_length(length).ok_or(ImageFault::Broken)?;
    let chunks = content.get(4..).ok_or(ImageFault::Broken)?;
    check_webp_chunks(chunks, Level::File)
}

/// Where in a WebP a run of chunks stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    File,
    Frame,
}

fn check_webp_chunks(chunks: &[u8], level: Level) -> Result<(), ImageFault> {
    const ANIMATION_FRAME_HEADER: usize = 16;

    let mut rest = Remaining(chunks);
    while let Some(name) = rest.take(4) {
        let length = rest.little_endian_32().ok_or(ImageFault::Broken)?;
        let payload = rest.take_length(length).ok_or(ImageFault::Broken)?;
        if length % 2 == 1 {
            // The padding byte of the last chunk is often forgotten by encoders; nothing depends on it.
            rest.take(1);
        }
        let dimensions = match name {
            b"VP8X" => canvas_dimensions(payload),
            b"VP8 " => lossy_dimensions(payload),
            b"VP8L" => lossless_dimensions(payload),
            // Frames hold frames in no valid file, one level down is enough.
            b"ANMF" if level == Level::File => {
                let inside = payload.get(ANIMATION_FRAME_HEADER..).ok_or(ImageFault::Broken)?;
                check_webp_chunks(inside, Level::Frame)?;
                continue;
            }
            _ => continue,
        };
        let (width, height) = dimensions.ok_or(ImageFault::Broken)?;
        check_dimensions(width, height)?;
    }
    Ok(())
}

/// Width and height of the canvas: four bytes of flags, then two numbers of 24 bits, each one less than the size.
fn canvas_dimensions(payload: &[u8]) -> Option<(u32, u32)> {
    let mut rest = Remaining(payload);
    rest.take(4)?;
    Some((rest.little_endian_24()? + 1, rest.little_endian_24()? + 1))
}

/// Width and height from a VP8 key frame header: three bytes of tag, three of start code, two numbers of 14 bits.
fn lossy_dimensions(payload: &[u8]) -> Option<(u32, u32)> {
    let mut rest = Remaining(payload);
    rest.take(6)?;
    let width = rest.little_endian_16()? & 0x3FFF;
    let height = rest.little_endian_16()? & 0x3FFF;
    Some((u32::from(width), u32::from(height)))
}

/// Width and height from a VP8L header: one byte of signature, then two numbers of 14 bits, each one less than the
/// size.
fn lossless_dimensions(payload: &[u8]) -> Option<(u32, u32)> {
    let mut rest = Remaining(payload);
    rest.take(1)?;
    let bits = rest.little_endian_32()?;
    Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
}

/// What is left of a file to look at; every step is checked against its end.
struct Remaining<'a>(&'a [u8]);

impl<'a> Remaining<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn take_length(&mut self, length: u32) -> Option<&'a [u8]> {
        self.take(usize::try_from(length).ok()?)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn big_endian_16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    fn little_endian_16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn little_endian_24(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, 0]))
    }

    fn little_endian_32(&mut self) -> Option<u32> {
        let taken = self.take(4)?;
        Some(u32::from_le_bytes(taken.try_into().ok()?))
    }

    /// The next marker that opens or closes something, past compressed pixels, stuffed zeros, restart markers and
    /// padding.
    fn next_jpeg_marker(&mut self) -> Option<u8> {
        loop {
            let start = self.0.iter().position(|byte| *byte == 0xFF)?;
            self.take(start + 1)?;
            while self.0.first() == Some(&0xFF) {
                self.byte();
            }
            match self.byte()? {
                0x00 | 0x01 | 0xD0..=0xD7 => {}
                marker => return Some(marker),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_recognised_by_its_first_bytes_alone() {
        assert_eq!(recognise(b"\xFF\xD8\xFF\xE0"), Some(MediaType::Jpeg));
        assert_eq!(recognise(b"\x89PNG\r\n\x1A\n rest"), Some(MediaType::Png));
        assert_eq!(recognise(b"GIF89a"), Some(MediaType::Gif));
        assert_eq!(recognise(b"RIFF\0\0\0\0WEBPVP8 "), Some(MediaType::Webp));
        for other in [
            &b"RIFF\0\0\0\0WAVEfmt "[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<!DOCTYPE html>",
            b"BM\0\0",
            b"II*\0",
            b"%PDF-1.7",
            b" \x89PNG\r\n\x1A\n",
            b"\xFF\xD8",
        ] {
            assert_eq!(recognise(other), None, "{other:?}");
        }
    }

    #[test]
    fn the_end_marker_of_a_thumbnail_is_not_the_end_of_the_image() {
        let start = b"\xFF\xD8\xFF\xE1\x00\x08Ex\xFF\xD8\xFF\xD9\xFF\xDA\x00\x02pixels\xFF\x00\xFF\xD3";
        let mut whole = start.to_vec();
        assert_eq!(check_jpeg(&whole), Err(ImageFault::Broken));
        whole.extend_from_slice(b"\xFF\xFF\xD9 and something after");
        assert_eq!(check_jpeg(&whole), Ok(()));
    }

    #[test]
    fn a_jpeg_with_endless_scans_is_broken() {
        let mut bytes = b"\xFF\xD8".to_vec();
        for _ in 0..100 {
            bytes.extend_from_slice(b"\xFF\xDA\x00\x02");
        }
        bytes.extend_from_slice(b"\xFF\xD9");
        assert_eq!(check_jpeg(&bytes), Err(ImageFault::Broken));
    }

    #[test]
    fn a_large_frame_inside_a_small_webp_canvas_is_refused() {
        let frame = b"VP8 \x0A\0\0\0\0\0\0\x9D\x01\x2A\xFF\x3F\xFF\x3F";
        let mut chunk = b"ANMF\x22\0\0\0".to_vec();
        chunk.extend_from_slice(&[0; 16]);
        chunk.extend_from_slice(frame);
        assert_eq!(check_webp_chunks(&chunk, Level::File), Err(ImageFault::TooManyPixels));
        assert_eq!(check_webp_chunks(frame, Level::File), Err(ImageFault::TooManyPixels));
    }
}
