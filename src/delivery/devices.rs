//! What sort of device a request comes from: one of three words, and nothing else of what a browser says about itself.
//!
//! Decision (2026-11-22), how much is kept. Context: whether a table can be read on a phone is worth knowing to whoever mends
//! it; the name of a browser tells one visitor from another. Choice: the client hint `Sec-CH-UA-Mobile` and a few marks of
//! `User-Agent` are turned into a class at the door, and neither goes any further; the size of the screen is not asked for.
//! Consequence: a tablet that gives itself out for a desktop counts as one, and what no mark tells has no class.

use axum::http::{HeaderMap, header};

use crate::feedback::Device;

/// Marks of tablets; an Android device that is not mobile is one, too.
const TABLETS: [&str; 5] = ["iPad", "Tablet", "PlayBook", "Silk/", "Kindle"];
const PHONES: [&str; 4] = ["iPhone", "iPod", "Mobi", "Windows Phone"];
const DESKTOPS: [&str; 5] = ["Windows NT", "Macintosh", "X11", "CrOS", "Linux x86_64"];

/// The class of the device, if it says so.
pub fn device(headers: &HeaderMap) -> Option<Device> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = said(header::USER_AGENT.as_str());
    let has = |marks: &[&str]| marks.iter().any(|mark| agent.contains(mark));
    if has(&TABLETS) || (agent.contains("Android") && !agent.contains("Mobi")) {
        return Some(Device::Tablet);
    }
    match said("sec-ch-ua-mobile").trim() {
        "?1" => Some(Device::Phone),
        _ if has(&PHONES) => Some(Device::Phone),
        _ if has(&DESKTOPS) => Some(Device::Desktop),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn class(agent: &'static str, mobile: Option<&'static str>) -> Option<Device> {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        if let Some(mobile) = mobile {
            headers.insert("sec-ch-ua-mobile", HeaderValue::from_static(mobile));
        }
        device(&headers)
    }

    #[test]
    fn three_classes_are_known_and_programs_have_none() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0";
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0";
        let phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36";
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
        let ipad = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
        assert_eq!(class(windows, None), Some(Device::Desktop));
        assert_eq!(class(windows, Some("?1")), Some(Device::Phone), "the hint is for that");
        assert_eq!(class(android, Some("?0")), Some(Device::Tablet));
        assert_eq!(class(phone, Some("?1")), Some(Device::Phone));
        assert_eq!(class(iphone, None), Some(Device::Phone));
        assert_eq!(class(ipad, None), Some(Device::Tablet));
        for program in ["", "curl/8.14.1", "node", "Googlebot/2.1"] {
            assert_eq!(class(program, None), None, "{program}");
        }
        assert_eq!(device(&HeaderMap::new()), None);
    }
}
