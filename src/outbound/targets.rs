//! Which addresses may be posted to: those of the public internet over TLS, and private ones that the server's configuration
//! names.
//!
//! Decision (2026-11-22), what is not known to be public is private. Context: whoever may type an address in could otherwise
//! make the server ask its own neighbours, or the machine that tells it its secrets. Choice: ranges that the registries of
//! special-purpose addresses (RFC 6890 and IANA's lists) keep from global use are refused, IPv6 beyond 2000::/3 as a whole;
//! addresses that carry another one within (IPv4-mapped, NAT64) are judged by that. Names are resolved by the program, each
//! answer is judged, and the connection goes to the very address that was judged. Consequence: a name that changes its
//! address in between leads nowhere else.
//!
//! Decision (2026-11-22), plain HTTP goes to configured ranges only. Context: what is sent is signed but not secret, and
//! receivers within one's own network seldom have certificates. Consequence: without configuration `http` is refused as it
//! is typed; with it, once the name turns out to have a public address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// The longest address that can be posted to, in bytes.
const URL_LIMIT: usize = 2_000;

/// The private ranges that may be reached.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    private: Vec<IpNet>,
}

/// An address that can be posted to, as far as can be said before its name is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As it is stored and shown, in its normal form.
    pub url: String,
    pub host: Host,
    pub port: u16,
    pub encrypted: bool,
    /// What a request asks for: the path with its query.
    pub path: String,
}

/// Why an address may not be posted to: a stable code, and words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub detail: String,
}

/// How an address may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Over TLS.
    Public,
    /// With or without: the configuration names it.
    Private,
}

/// Ranges of IPv4 that are not of the public internet.
const NOT_PUBLIC_4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "an address of this network (RFC 791)"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address (RFC 1918)"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "a shared address of carriers (RFC 6598)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "an address of the machine itself"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address (RFC 3927)"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address (RFC 1918)"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "an address kept for protocols (RFC 6890)"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "an address for documentation (RFC 5737)"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "an address of old relays (RFC 7526)"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address (RFC 1918)"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "an address for benchmarks (RFC 2544)"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "an address for documentation (RFC 5737)"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "an address for documentation (RFC 5737)"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address (RFC 5771)"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address (RFC 1112)"),
];

/// Ranges of IPv6 that are not of the public internet, those with a name of their own before those that hold them.
const NOT_PUBLIC_6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "an unspecified address"),
    (Ipv6Addr::LOCALHOST, 128, "an address of the machine itself"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "an address of local translation (RFC 8215)"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "an address that leads nowhere (RFC 6666)"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "an address kept for protocols (RFC 2928)"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "an address for documentation (RFC 3849)"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "an address of 6to4 (RFC 3056)"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "an address for documentation (RFC 9637)"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "a private address (RFC 4193)"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "a link-local address (RFC 4291)"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "a multicast address (RFC 4291)"),
];
/// What addresses of the public internet begin with.
const GLOBAL_UNICAST: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// The prefix of addresses that a translator makes of those of IPv4 (RFC 6052).
const TRANSLATED: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];

impl Targets {
    pub fn new(private: Vec<IpNet>) -> Self {
        Self { private }
    }

    /// The private ranges that may be reached.
    pub fn private(&self) -> &[IpNet] {
        &self.private
    }

    /// Reads an address as it was typed. Names are judged when they are resolved, addresses in numbers at once.
    ///
    /// # Errors
    /// [`Refusal`] in words for whoever typed it.
    pub fn read(&self, text: &str) -> Result<Target, Refusal> {
        let text = text.trim();
        if text.len() > URL_LIMIT {
            return Err(refusal("too-long", format!("The address has more than {URL_LIMIT} characters.")));
        }
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let (Some(url), true) = (url, text.chars().all(|c| !c.is_control())) else {
            return Err(refusal("not-an-address", "An address that begins with https:// was expected."));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refusal("credentials-in-address", "A name or password can't stand in the address."));
        }
        if url.fragment().is_some() {
            return Err(refusal("fragment-in-address", "What stands behind # is never sent; leave it out."));
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(refusal("not-an-address", "The address names no host."));
        };
        let encrypted = url.scheme() == "https";
        if !encrypted && self.private.is_empty() {
            return Err(refusal("https-required", "The address has to begin with https://."));
        }
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let target = Target { host: host.to_owned(), port, encrypted, path, url: url.to_string() };
        match target.host {
            Host::Ipv4(address) => self.judge_for(&target, address.into())?,
            Host::Ipv6(address) => self.judge_for(&target, address.into())?,
            Host::Domain(_) => {}
        }
        Ok(target)
    }

    /// Whether a target may be reached at this address of its host.
    ///
    /// # Errors
    /// [`Refusal`] if not.
    pub fn judge_for(&self, target: &Target, address: IpAddr) -> Result<(), Refusal> {
        match self.judge(address)? {
            Allowance::Public if !target.encrypted => {
                let detail = format!("{address} is a public address; the address has to begin with https://.");
                Err(refusal("https-required", detail))
            }
            Allowance::Public | Allowance::Private => Ok(()),
        }
    }

    /// Whether an address may be reached, and how.
    ///
    /// # Errors
    /// [`Refusal`] with what kind of address it is.
    pub fn judge(&self, address: IpAddr) -> Result<Allowance, Refusal> {
        let meant = meant(address);
        if self.private.iter().any(|network| network.contains(&meant) || network.contains(&address)) {
            return Ok(Allowance::Private);
        }
        match not_public(meant) {
            None => Ok(Allowance::Public),
            Some(kind) => {
                let detail =
                    format!("{address} is {kind}, which this server may not post to (--webhook-private-targets).");
                Err(refusal("private-address", detail))
            }
        }
    }
}

impl Target {
    /// The host and, if it is not the usual one, the port: what a request says in its header `Host`.
    pub fn authority(&self) -> String {
        let usual = if self.encrypted { 443 } else { 80 };
        if self.port == usual { self.host.to_string() } else { format!("{}:{}", self.host, self.port) }
    }
}

/// The address that is reached in the end: that of IPv4 within one of IPv6 that only carries it.
fn meant(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    if let Some(four) = six.to_ipv4_mapped() {
        return four.into();
    }
    match six.segments() {
        [a, b, c, d, e, f, ..] if [a, b, c, d, e, f] == TRANSLATED => {
            let [.., w, x, y, z] = six.octets();
            Ipv4Addr::new(w, x, y, z).into()
        }
        _ => address,
    }
}

/// What kind of address it is, if it is not one of the public internet.
fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(four) => {
            let within = |base: Ipv4Addr, length: u8| Ipv4Net::new(base, length).is_ok_and(|net| net.contains(&four));
            NOT_PUBLIC_4.iter().find(|(base, length, _)| within(*base, *length)).map(|(_, _, kind)| *kind)
        }
        IpAddr::V6(six) => {
            let within = |base: Ipv6Addr, length: u8| Ipv6Net::new(base, length).is_ok_and(|net| net.contains(&six));
            let named = NOT_PUBLIC_6.iter().find(|(base, length, _)| within(*base, *length)).map(|(_, _, kind)| *kind);
            let (base, length) = GLOBAL_UNICAST;
            named.or_else(|| (!within(base, length)).then_some("no address of the public internet (RFC 4291)"))
        }
    }
}

fn refusal(code: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal { code, detail: detail.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn none() -> Targets {
        Targets::default()
    }

    #[test]
    fn addresses_that_are_not_of_the_public_internet_are_refused_at_both_ends_of_each_range() {
        let refused = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::2",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "::ffff:169.254.169.254",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::192.168.1.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "3fff:fff:ffff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ffff::1",
        ];
        for text in refused {
            let address: IpAddr = text.parse().unwrap();
            let refusal = none().judge(address).expect_err(text);
            assert_eq!(refusal.code, "private-address");
            assert!(refusal.detail.starts_with(&format!("{address} is ")), "{}", refusal.detail);
        }
        let reached = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1",
            "3ffe:ffff::1",
        ];
        for text in reached {
            assert_eq!(none().judge(text.parse().unwrap()), Ok(Allowance::Public), "{text}");
        }
    }

    #[test]
    fn what_the_configuration_names_is_reached_however_it_is_written_and_nothing_beside_it() {
        let targets = Targets::new(vec!["10.1.0.0/16".parse().unwrap(), "fd00:1::/32".parse().unwrap()]);
        for text in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00:1::5"] {
            assert_eq!(targets.judge(text.parse().unwrap()), Ok(Allowance::Private), "{text}");
        }
        for text in ["10.2.0.1", "::ffff:10.2.0.1", "fd00:2::5", "127.0.0.1", "::1"] {
            assert!(targets.judge(text.parse().unwrap()).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_is_read_in_its_normal_form_or_refused_with_a_reason() {
        let read = none().read(" https://Hooks.Example:8443/a/../b?c=d ").unwrap();
        assert_eq!(read.url, "https://hooks.example:8443/b?c=d");
        assert_eq!((read.path.as_str(), read.authority().as_str()), ("/b?c=d", "hooks.example:8443"));
        assert_eq!(none().read("https://hooks.example").unwrap().authority(), "hooks.example");
        assert_eq!(none().read("https://[2606:4700::1]:8/").unwrap().authority(), "[2606:4700::1]:8");
        let refused = [
            ("", "not-an-address"),
            ("hooks.example", "not-an-address"),
            ("ftp://hooks.example/", "not-an-address"),
            ("file:///etc/passwd", "not-an-address"),
            ("https://", "not-an-address"),
            ("http://hooks.example/", "https-required"),
            ("https://you:secret@hooks.example/", "credentials-in-address"),
            ("https://you@hooks.example/", "credentials-in-address"),
            ("https://hooks.example/#part", "fragment-in-address"),
            ("https://127.0.0.1/", "private-address"),
            ("https://2130706433/", "private-address"),
            ("https://0x7f.1/", "private-address"),
            ("https://0177.0.0.1/", "private-address"),
            ("https://127.1/", "private-address"),
            ("https://１２７.0.0.1/", "private-address"),
            ("https://[::1]/", "private-address"),
            ("https://[::ffff:169.254.169.254]/", "private-address"),
        ];
        for (text, code) in refused {
            assert_eq!(none().read(text).expect_err(text).code, code, "{text}");
        }
        let long = format!("https://hooks.example/{}", "a".repeat(URL_LIMIT));
        assert_eq!(none().read(&long).unwrap_err().code, "too-long");
    }

    #[test]
    fn plain_http_leads_to_configured_ranges_only() {
        let targets = Targets::new(vec!["10.0.0.0/8".parse().unwrap()]);
        assert!(!targets.read("http://10.0.0.1:8000/").unwrap().encrypted);
        assert_eq!(targets.read("http://1.1.1.1/").unwrap_err().code, "https-required");
        let named = targets.read("http://hooks.example/").unwrap();
        assert_eq!(targets.judge_for(&named, "1.1.1.1".parse().unwrap()).unwrap_err().code, "https-required");
        assert_eq!(targets.judge_for(&named, "10.0.0.1".parse().unwrap()), Ok(()));
    }

    proptest! {
        /// The standard library's own names for kinds of addresses are a second opinion.
        #[test]
        fn no_address_of_four_bytes_is_public_that_the_library_knows_as_another(bytes in any::<[u8; 4]>()) {
            let four = Ipv4Addr::from(bytes);
            let known = four.is_private() || four.is_loopback() || four.is_link_local() || four.is_broadcast()
                || four.is_documentation() || four.is_unspecified() || four.is_multicast();
            let mapped = IpAddr::V6(four.to_ipv6_mapped());
            prop_assert!(!known || none().judge(four.into()).is_err());
            prop_assert_eq!(none().judge(four.into()).is_ok(), none().judge(mapped).is_ok());
        }

        #[test]
        fn no_address_of_sixteen_bytes_is_public_that_the_library_knows_as_another(bytes in any::<[u8; 16]>()) {
            let six = Ipv6Addr::from(bytes);
            let known = six.is_loopback() || six.is_unspecified() || six.is_multicast() || six.is_unique_local()
                || six.is_unicast_link_local();
            prop_assert!(!known || none().judge(six.into()).is_err());
            let global = six.segments()[0] >> 13 == 1;
            prop_assert!(global || none().judge(six.into()).is_err() || meant(six.into()) != IpAddr::V6(six));
        }
    }
}
