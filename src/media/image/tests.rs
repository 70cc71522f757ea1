//! Images made in code, good and hostile, through `process`.

use std::{error::Error, io::Cursor};

use image::{
    Delay, DynamicImage, ExtendedColorType, Frame, GrayAlphaImage, GrayImage, ImageEncoder, ImageFormat, Rgb, RgbImage,
    Rgba, RgbaImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder as Encoder, webp::WebPEncoder},
};
use moxcms::ColorProfile;
use proptest::prelude::*;

use super::*;

type Outcome<Made = ()> = Result<Made, Box<dyn Error>>;

/// Stands in metadata and behind images; must not be in any rendition.
const SECRET: &[u8] = b"48.137154N-11.576124E";

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 200, 30];
const BLUE: [u8; 3] = [30, 30, 220];
const WHITE: [u8; 3] = [240, 240, 240];

#[test]
fn every_format_is_recognised_measured_and_made_into_webp_and_jpeg() -> Outcome {
    for (media_type, bytes) in samples(50, 30)? {
        let processed = process(&bytes)?;
        assert_eq!((processed.media_type, processed.width, processed.height), (media_type, 50, 30));
        assert_eq!(outline(&processed), [(50, 30, MediaType::Webp), (50, 30, MediaType::Jpeg)]);
        for rendition in &processed.renditions {
            let decoded = decoded(rendition)?;
            assert_eq!((decoded.width(), decoded.height()), (50, 30));
            assert_eq!(rendition.extension, rendition.media_type.extension());
            assert_eq!(container::recognise(&rendition.bytes), Some(rendition.media_type));
        }
    }
    Ok(())
}

#[test]
fn widths_never_exceed_the_original_and_are_never_repeated() -> Outcome {
    for (width, expected) in [
        (1, &[1][..]),
        (319, &[319]),
        (320, &[320]),
        (321, &[320, 321]),
        (640, &[320, 640]),
        (1200, &[320, 640, 960, 1200]),
        (1600, &[320, 640, 960, 1600]),
        (16_384, &[320, 640, 960, 1600]),
    ] {
        assert_eq!(rendition_widths(width), expected);
    }
    let processed = process(&encoded(&gradient(1700, 850), ImageFormat::Jpeg)?)?;
    assert_eq!((processed.width, processed.height), (1700, 850));
    assert_eq!(
        outline(&processed),
        [
            (320, 160, MediaType::Webp),
            (640, 320, MediaType::Webp),
            (960, 480, MediaType::Webp),
            (1600, 800, MediaType::Webp),
            (1600, 800, MediaType::Jpeg),
        ]
    );
    Ok(())
}

#[test]
fn an_extreme_shape_keeps_both_sides_within_bounds() -> Outcome {
    let tall = process(&encoded(&gradient(1, MAX_SIDE), ImageFormat::Png)?)?;
    assert_eq!((tall.width, tall.height), (1, MAX_SIDE));
    assert_eq!(outline(&tall), [(1, MAX_WEBP_SIDE, MediaType::Webp), (1, MAX_WEBP_SIDE, MediaType::Jpeg)]);
    let wide = process(&encoded(&gradient(MAX_SIDE, 1), ImageFormat::Png)?)?;
    assert!(wide.renditions.iter().all(|rendition| rendition.height == 1));
    Ok(())
}

#[test]
fn the_digest_is_of_the_upload() -> Outcome {
    // The test vector "abc" of FIPS 180-2.
    assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let bytes = encoded(&gradient(8, 8), ImageFormat::Png)?;
    assert_eq!(process(&bytes)?.sha256, digest(&bytes));
    Ok(())
}

#[test]
fn the_same_upload_gives_the_same_bytes() -> Outcome {
    for (_, bytes) in samples(400, 300)? {
        assert_eq!(process(&bytes)?, process(&bytes)?);
    }
    Ok(())
}

#[test]
fn each_exif_orientation_is_applied() -> Outcome {
    for (orientation, corners) in [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
        (0, [RED, GREEN, BLUE, WHITE]),
        (77, [RED, GREEN, BLUE, WHITE]),
    ] {
        let plain = encoded(&quarters(48, 32), ImageFormat::Jpeg)?;
        let processed = process(&with_jpeg_segment(&plain, 0xE1, &exif(orientation))?)?;
        let upright = if (5..=8).contains(&orientation) { (32, 48) } else { (48, 32) };
        assert_eq!((processed.width, processed.height), upright);
        for rendition in &processed.renditions {
            assert_eq!((rendition.width, rendition.height), upright);
            let picture = decoded(rendition)?.into_rgb8();
            let (right, bottom) = (upright.0 - 5, upright.1 - 5);
            for ((x, y), colour) in [(4, 4), (right, 4), (4, bottom), (right, bottom)].into_iter().zip(corners) {
                assert_near(picture.get_pixel(x, y).0, colour);
            }
        }
    }
    Ok(())
}

#[test]
fn a_large_turned_image_is_scaled_along_its_upright_width() -> Outcome {
    let plain = encoded(&quarters(800, 400), ImageFormat::Jpeg)?;
    let processed = process(&with_jpeg_segment(&plain, 0xE1, &exif(6))?)?;
    assert_eq!(
        outline(&processed),
        [(320, 640, MediaType::Webp), (400, 800, MediaType::Webp), (400, 800, MediaType::Jpeg)]
    );
    Ok(())
}

#[test]
fn metadata_and_trailing_bytes_do_not_survive() -> Outcome {
    let jpeg = encoded(&gradient(40, 40), ImageFormat::Jpeg)?;
    let jpeg = with_jpeg_segment(&jpeg, 0xFE, SECRET)?;
    let jpeg = with_jpeg_segment(&jpeg, 0xED, &[b"Photoshop 3.0\0", SECRET].concat())?;
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat();
    let jpeg = with_jpeg_segment(&jpeg, 0xE1, &xmp)?;
    let jpeg = with_jpeg_segment(&jpeg, 0xE1, &exif(1))?;

    let png = encoded(&gradient(40, 40), ImageFormat::Png)?;
    let png = with_png_chunk(&png, b"tEXt", &[b"Comment\0", SECRET].concat())?;
    let png = with_png_chunk(&png, b"iTXt", &[b"XML\0\0\0\0\0", SECRET].concat())?;
    let png = with_png_chunk(&png, b"eXIf", exif(1).get(6..).ok_or("short")?)?;

    let mut gif = encoded(&gradient(40, 40), ImageFormat::Gif)?;
    assert_eq!(gif.pop(), Some(0x3B));
    gif.extend_from_slice(&[0x21, 0xFE, 21]);
    gif.extend_from_slice(SECRET);
    gif.extend_from_slice(&[0, 0x3B]);

    let still = encoded(&gradient(40, 40), ImageFormat::WebP)?;
    let webp = extended_webp(
        40,
        40,
        0x0C,
        &[
            still.get(12..).ok_or("short")?,
            &webp_chunk(b"EXIF", exif(1).get(6..).ok_or("short")?)?,
            &webp_chunk(b"XMP ", SECRET)?,
        ]
        .concat(),
    )?;

    for mut upload in [jpeg, png, gif, webp] {
        assert!(holds(&upload, SECRET));
        upload.extend_from_slice(b"PK\x03\x04 <script>");
        upload.extend_from_slice(SECRET);
        let processed = process(&upload)?;
        for rendition in &processed.renditions {
            assert!(!holds(&rendition.bytes, SECRET), "{rendition:?}");
            for trace in [&b"Exif"[..], b"EXIF", b"XMP", b"<script>", b"ICC", b"iCCP"] {
                assert!(!holds(&rendition.bytes, trace), "{rendition:?} {trace:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn transparency_is_kept_and_what_it_hides_is_not() -> Outcome {
    let picture = RgbaImage::from_fn(400, 20, |x, _| match x {
        0..200 => Rgba([200, 10, 10, 255]),
        200..300 => Rgba([10, 10, 200, 128]),
        _ => Rgba([123, 45, 67, 0]),
    });
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let processed = process(&encoded(&picture.clone().into(), format)?)?;
        assert_eq!(
            outline(&processed),
            [(320, 16, MediaType::Webp), (400, 20, MediaType::Webp), (400, 20, MediaType::Png)]
        );
        for rendition in &processed.renditions {
            let picture = decoded(rendition)?.into_rgba8();
            let (left, right) = (picture.get_pixel(1, 1).0, rendition.width - 2);
            assert_eq!(left[3], 255);
            assert_eq!(picture.get_pixel(right, 1).0[3], 0);
        }
        let fallback = processed.renditions.last().ok_or("no fallback")?;
        let fallback = decoded(fallback)?.into_rgba8();
        assert_eq!(fallback.get_pixel(250, 1).0, [10, 10, 200, 128]);
        assert_eq!(fallback.get_pixel(350, 1).0, [0; 4]);
    }
    Ok(())
}

#[test]
fn an_alpha_channel_that_hides_nothing_gets_a_jpeg() -> Outcome {
    let picture = DynamicImage::ImageRgba8(gradient(30, 30).into_rgba8());
    let processed = process(&encoded(&picture, ImageFormat::Png)?)?;
    assert_eq!(outline(&processed), [(30, 30, MediaType::Webp), (30, 30, MediaType::Jpeg)]);
    Ok(())
}

#[test]
fn grey_and_deep_images_are_read() -> Outcome {
    let grey = GrayImage::from_pixel(20, 20, image::Luma([128]));
    let veiled = GrayAlphaImage::from_pixel(20, 20, image::LumaA([128, 100]));
    let deep = DynamicImage::ImageRgba16(gradient(20, 20).into_rgba16());
    for (picture, fallback) in
        [(DynamicImage::from(grey.clone()), MediaType::Jpeg), (veiled.into(), MediaType::Png), (deep, MediaType::Jpeg)]
    {
        let processed = process(&encoded(&picture, ImageFormat::Png)?)?;
        assert_eq!(processed.renditions.last().map(|last| last.media_type), Some(fallback));
    }
    let processed = process(&encoded(&grey.into(), ImageFormat::Jpeg)?)?;
    for rendition in &processed.renditions {
        assert_near(decoded(rendition)?.into_rgb8().get_pixel(9, 9).0, [128; 3]);
    }
    Ok(())
}

#[test]
fn of_an_animation_the_first_frame_is_used() -> Outcome {
    let frames = [RED, BLUE].map(|colour| {
        let picture = RgbImage::from_pixel(24, 24, Rgb(colour));
        DynamicImage::from(picture).into_rgba8()
    });
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif).encode_frames(
        frames.clone().map(|frame| Frame::from_parts(frame, 0, 0, Delay::from_numer_denom_ms(100, 1))),
    )?;
    let mut chunks = webp_chunk(b"ANIM", &[0; 6])?;
    for frame in frames {
        let still = encoded(&frame.into(), ImageFormat::WebP)?;
        let header = [0, 0, 0, 0, 0, 0, 23, 0, 0, 23, 0, 0, 100, 0, 0, 2];
        let frame = [&header[..], still.get(12..).ok_or("short")?].concat();
        chunks.extend_from_slice(&webp_chunk(b"ANMF", &frame)?);
    }
    let webp = extended_webp(24, 24, 0x02, &chunks)?;
    for upload in [gif, webp] {
        let processed = process(&upload)?;
        for rendition in &processed.renditions {
            assert_near(decoded(rendition)?.into_rgb8().get_pixel(12, 12).0, RED);
        }
    }
    Ok(())
}

#[test]
fn wide_colours_become_standard_ones() -> Outcome {
    // Half transparent, so that the fallback is lossless. Display P3 (234, 51, 35) is the red of sRGB.
    let picture = RgbaImage::from_pixel(16, 16, Rgba([234, 51, 35, 128]));
    let profile = ColorProfile::new_display_p3().encode()?;
    for (profile, expected) in [
        (profile, [255, 0, 0]),
        (b"not a profile".to_vec(), [234, 51, 35]),
        (ColorProfile::new_gray_with_gamma(2.2).encode()?, [234, 51, 35]),
    ] {
        let mut upload = Vec::new();
        let mut encoder = Encoder::new(&mut upload);
        encoder.set_icc_profile(profile)?;
        encoder.write_image(picture.as_raw(), 16, 16, ExtendedColorType::Rgba8)?;
        let processed = process(&upload)?;
        let fallback = processed.renditions.last().ok_or("no fallback")?;
        let [red, green, blue, alpha] = decoded(fallback)?.into_rgba8().get_pixel(8, 8).0;
        assert_near([red, green, blue], expected);
        assert_eq!(alpha, 128);
    }
    Ok(())
}

#[test]
fn what_is_not_an_image_is_refused() {
    assert_eq!(process(b""), Err(ImageFault::Empty));
    let mut large = b"\xFF\xD8".to_vec();
    large.resize(MAX_BYTES, 0xFF);
    assert_eq!(process(&large), Err(ImageFault::Broken));
    large.push(0);
    assert_eq!(process(&large), Err(ImageFault::TooLarge));
    for other in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        b"<?xml version=\"1.0\"?><svg/>",
        b"<!DOCTYPE html><img src=x>",
        b"%PDF-1.7",
        b"BM",
        b"\0",
    ] {
        assert_eq!(process(other), Err(ImageFault::UnknownFormat));
    }
    for start in [
        &b"\xFF\xD8\xFF"[..],
        b"\xFF\xD8\xFF\xD9",
        b"\x89PNG\r\n\x1A\n",
        b"GIF89a",
        b"RIFF\x04\0\0\0WEBP",
        b"RIFF\xFF\xFF\xFF\xFFWEBPVP8 ",
    ] {
        assert_eq!(process(start), Err(ImageFault::Broken), "{start:?}");
    }
}

#[test]
fn files_that_are_a_page_or_a_script_as_well_are_refused() -> Outcome {
    // The comment a script needs here is also the size of the screen.
    let script = b"GIF89a/*<script>*/=1;";
    assert_eq!(process(script), Err(ImageFault::TooManyPixels));
    let png = encoded(&gradient(10, 10), ImageFormat::Png)?;
    let page = [&b"<html><!--"[..], &png].concat();
    assert_eq!(process(&page), Err(ImageFault::UnknownFormat));
    Ok(())
}

#[test]
fn a_header_that_promises_too_much_is_refused_before_memory_is_taken() -> Outcome {
    let mut png = encoded(&gradient(10, 10), ImageFormat::Png)?;
    let promised = [&b"IHDR\0\0\xFF\xFF\0\0\xFF\xFF\x08\x06\0\0\0"[..]].concat();
    png.truncate(12);
    png.extend_from_slice(&promised);
    png.extend_from_slice(&crc32(&promised).to_be_bytes());
    png.extend_from_slice(b"\0\0\0\0IDAT\x35\xAF\x06\x1E\0\0\0\0IEND\xAE\x42\x60\x82");

    let mut jpeg = encoded(&gradient(10, 10), ImageFormat::Jpeg)?;
    let frame = find(&jpeg, b"\xFF\xC0").ok_or("no frame header")?;
    for (byte, value) in jpeg.iter_mut().skip(frame + 5).zip([0xFF; 4]) {
        *byte = value;
    }

    let gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x01\0\0;".to_vec();

    let mut canvas = webp_chunk(b"VP8X", &[0x02, 0, 0, 0, 255, 255, 255, 255, 0, 0])?;
    canvas.extend_from_slice(&webp_chunk(b"ANIM", &[0; 6])?);
    canvas.extend_from_slice(&webp_chunk(b"ANMF", &[0; 40])?);
    let canvas = riff(&canvas)?;
    let still = riff(&webp_chunk(b"VP8L", &[0x2F, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0])?)?;

    for bomb in [png, jpeg, gif, canvas, still] {
        let start = bomb.get(..16);
        assert_eq!(process(&bomb), Err(ImageFault::TooManyPixels), "{start:?}");
    }
    Ok(())
}

#[test]
fn a_small_gif_screen_with_a_huge_frame_is_broken() {
    let gif = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x01\0\0;";
    assert_eq!(process(gif), Err(ImageFault::Broken));
}

#[test]
fn limits_count_pixels_and_sides() {
    assert_eq!(check_dimensions(10_000, 5_000), Ok(()));
    assert_eq!(check_dimensions(MAX_SIDE, 3_051), Ok(()));
    for (width, height) in [(10_000, 5_001), (MAX_SIDE + 1, 1), (1, MAX_SIDE + 1)] {
        assert_eq!(check_dimensions(width, height), Err(ImageFault::TooManyPixels));
    }
    assert_eq!(check_dimensions(0, 1), Err(ImageFault::Broken));
}

#[test]
fn an_image_cut_off_anywhere_is_broken() -> Outcome {
    for (media_type, bytes) in samples(24, 24)? {
        // The ends of PNG (its last chunk and two sums) and GIF (three end codes) hold no pixels; decoders may stop
        // before.
        let needed = match media_type {
            MediaType::Png => find(&bytes, b"IEND").ok_or("no end")? - 12,
            MediaType::Gif => bytes.len() - 3,
            MediaType::Jpeg | MediaType::Webp => bytes.len(),
        };
        for length in 12..needed {
            let cut = bytes.get(..length).ok_or("short")?;
            assert_eq!(process(cut), Err(ImageFault::Broken), "{media_type} {length} of {needed}");
        }
    }
    Ok(())
}

#[test]
fn faults_have_codes_and_words_with_the_limit() {
    let faults = [
        ImageFault::Empty,
        ImageFault::TooLarge,
        ImageFault::TooManyPixels,
        ImageFault::UnknownFormat,
        ImageFault::Broken,
    ];
    assert_eq!(faults.map(ImageFault::code), ["empty", "too-large", "too-many-pixels", "unknown-format", "broken"]);
    assert!(ImageFault::TooLarge.to_string().contains("20 MiB"));
    assert_eq!(MAX_BYTES, 20 * 1024 * 1024);
    assert!(ImageFault::TooManyPixels.to_string().contains("50 megapixels"));
    assert!(ImageFault::TooManyPixels.to_string().contains("16,384"));
    assert_eq!((MAX_PIXELS, MAX_SIDE), (50_000_000, 16_384));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A panic inside a decoder would be turned into a fault, so this also holds the promise that a result is whole.
    #[test]
    fn a_mutated_image_gives_an_image_or_a_fault(
        format in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let sample = samples(20, 14).ok().and_then(|all| all.into_iter().nth(format));
        prop_assert!(sample.is_some());
        if let Some((_, mut bytes)) = sample {
            for (place, value) in changes {
                if let Some(byte) = bytes.iter_mut().skip(12).nth(place.index(600)) {
                    *byte = value;
                }
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            if let Ok(processed) = process(&bytes) {
                prop_assert!(check_dimensions(processed.width, processed.height).is_ok());
                for rendition in &processed.renditions {
                    let picture = decoded(rendition);
                    prop_assert!(picture.is_ok_and(|picture| picture.width() == rendition.width));
                }
            }
        }
    }

    #[test]
    fn random_bytes_give_a_fault(
        start in prop::sample::select(vec![
            &b""[..],
            b"\xFF\xD8\xFF",
            b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
            b"GIF89a",
            b"RIFF\x40\0\0\0WEBPVP8L",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        prop_assert!(process(&[start, &rest[..]].concat()).is_err());
    }
}

fn outline(processed: &Processed) -> Vec<(u32, u32, MediaType)> {
    let renditions = processed.renditions.iter();
    renditions.map(|rendition| (rendition.width, rendition.height, rendition.media_type)).collect()
}

fn samples(width: u32, height: u32) -> Outcome<[(MediaType, Vec<u8>); 4]> {
    let picture = gradient(width, height);
    Ok([
        (MediaType::Jpeg, encoded(&picture, ImageFormat::Jpeg)?),
        (MediaType::Png, encoded(&picture, ImageFormat::Png)?),
        (MediaType::Webp, encoded(&picture, ImageFormat::WebP)?),
        (MediaType::Gif, encoded(&picture, ImageFormat::Gif)?),
    ])
}

fn gradient(width: u32, height: u32) -> DynamicImage {
    let byte = |number: u32| u8::try_from(number % 256).unwrap_or_default();
    RgbImage::from_fn(width, height, |x, y| Rgb([byte(x * 3), byte(y * 5), byte((x ^ y) * 7)])).into()
}

fn quarters(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
    .into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        ImageFormat::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 95))?;
        }
        ImageFormat::WebP => picture.write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?,
        other => picture.write_to(&mut Cursor::new(&mut bytes), other)?,
    }
    Ok(bytes)
}

fn decoded(rendition: &Rendition) -> Outcome<DynamicImage> {
    Ok(image::load_from_memory_with_format(&rendition.bytes, rendition.media_type.format())?)
}

fn assert_near(actual: [u8; 3], expected: [u8; 3]) {
    let close = actual.iter().zip(expected).all(|(have, want)| have.abs_diff(want) <= 25);
    assert!(close, "{actual:?} is not near {expected:?}");
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    find(bytes, part).is_some()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// An EXIF segment (CIPA DC-008) with an orientation, a place in the GPS directory and the secret in its comment.
fn exif(orientation: u16) -> Vec<u8> {
    let mut bytes = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    bytes.extend_from_slice(b"\x03\0");
    // Image description: 22 characters at offset 68.
    bytes.extend_from_slice(b"\x0E\x01\x02\0\x16\0\0\0\x44\0\0\0");
    bytes.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0");
    bytes.extend_from_slice(&orientation.to_le_bytes());
    bytes.extend_from_slice(b"\0\0");
    // The GPS directory at offset 50, with the latitude reference "N".
    bytes.extend_from_slice(b"\x25\x88\x04\0\x01\0\0\0\x32\0\0\0");
    bytes.extend_from_slice(b"\0\0\0\0");
    bytes.extend_from_slice(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    bytes.extend_from_slice(SECRET);
    bytes.push(0);
    bytes
}

/// The JPEG with one more segment at its start.
fn with_jpeg_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Outcome<Vec<u8>> {
    let (start, rest) = jpeg.split_at_checked(2).ok_or("short")?;
    let length = u16::try_from(payload.len() + 2)?.to_be_bytes();
    Ok([start, &[0xFF, marker], &length, payload, rest].concat())
}

/// The PNG with one more chunk behind its header.
fn with_png_chunk(png: &[u8], name: &[u8], payload: &[u8]) -> Outcome<Vec<u8>> {
    let (start, rest) = png.split_at_checked(33).ok_or("short")?;
    let length = u32::try_from(payload.len())?.to_be_bytes();
    let chunk = [name, payload].concat();
    let sum = crc32(&chunk).to_be_bytes();
    Ok([start, &length, &chunk, &sum, rest].concat())
}

/// The sum of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

fn extended_webp(width: u32, height: u32, flags: u8, chunks: &[u8]) -> Outcome<Vec<u8>> {
    let mut header = vec![flags, 0, 0, 0];
    for side in [width, height] {
        header.extend((side - 1).to_le_bytes().into_iter().take(3));
    }
    riff(&[&webp_chunk(b"VP8X", &header)?, chunks].concat())
}

fn webp_chunk(name: &[u8], payload: &[u8]) -> Outcome<Vec<u8>> {
    let length = u32::try_from(payload.len())?.to_le_bytes();
    let padding = vec![0; payload.len() % 2];
    Ok([name, &length, payload, &padding].concat())
}

fn riff(chunks: &[u8]) -> Outcome<Vec<u8>> {
    let length = u32::try_from(chunks.len() + 4)?.to_le_bytes();
    Ok([b"RIFF", &length[..], b"WEBP", chunks].concat())
}
