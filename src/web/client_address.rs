//! Who is at the other end: the right-most address that is not one of our own proxies. Everything further left could
//! have been typed by the client.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use super::App;

pub fn client_address(app: &App, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !app.trusts(peer) {
        return peer;
    }
    let mut client = peer;
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for text in forwarded.into_iter().rev() {
        let Some(address) = address(text) else { break };
        client = address.to_canonical();
        if !app.trusts(client) {
            break;
        }
    }
    client
}

/// An address, with or without the port that some proxies add; one of version 6 may stand in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip())).or_else(bare)
}
