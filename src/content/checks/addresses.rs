//! The addresses of links: each leads somewhere that readers can reach. Nothing is fetched.

use super::{
    super::{
        kinds::{Part, section::LinkTarget},
        markdown::Target,
    },
    Case, Family, Findings, Found, Rule, Severity,
    reading::shortened,
};

const SOURCE: &str = "GOV.UK content guidance, links";

const MISSING: Rule = Rule { code: "link-address-missing", severity: Severity::MustFix, source: SOURCE };
const UNSUPPORTED: Rule = Rule { code: "link-address-unsupported", severity: Severity::MustFix, source: SOURCE };
const CREDENTIALS: Rule = Rule { code: "link-credentials", severity: Severity::MustFix, source: SOURCE };
const NOT_PUBLIC: Rule = Rule { code: "link-not-public", severity: Severity::MustFix, source: SOURCE };
const INSECURE: Rule = Rule { code: "link-insecure", severity: Severity::Advice, source: SOURCE };

pub const FAMILY: Family = Family {
    passed: "Links have addresses that readers can reach",
    rules: &[MISSING, UNSUPPORTED, CREDENTIALS, NOT_PUBLIC, INSECURE],
    check,
};

const MESSAGES: [(&Rule, &str); 5] = [
    (&MISSING, "The link leads nowhere; give it an address."),
    (&UNSUPPORTED, "An address begins with https://, http://, mailto:, tel:, or one / for a page of the site."),
    (&CREDENTIALS, "The address holds a user name or a password. Take them out."),
    (&NOT_PUBLIC, "Only people who work on the site can open this. Use the public address."),
    (&INSECURE, "Use https:// if the site has it."),
];

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (pointer, part) in &case.reading.parts {
        if let Part::Link(link) = part
            && let LinkTarget::Address { url } = &link.target
        {
            add(&format!("{pointer}/url"), std::iter::once(url.as_str()), findings);
        }
    }
    for passage in &case.reading.passages {
        let Some(rich) = &passage.rich else { continue };
        let targets = rich.targets();
        case.reading.note_work(targets.len());
        let addresses = targets.into_iter().filter_map(|target| match target {
            Target::Address(address) => Some(address.as_str()),
            Target::Document { id: _, block: _ } => None,
        });
        add(&passage.pointer, addresses, findings);
    }
}

fn add<'a>(pointer: &str, addresses: impl Iterator<Item = &'a str>, findings: &mut Findings) {
    let mut found: [Found; 5] = Default::default();
    for address in addresses {
        let fault = fault_of(address);
        for ((rule, _), found) in MESSAGES.iter().zip(&mut found) {
            if fault.is_some_and(|fault| fault.code == rule.code) {
                found.add(|| shortened(address));
            }
        }
    }
    for ((rule, message), found) in MESSAGES.iter().zip(found) {
        findings.add_found(rule, pointer, *message, found);
    }
}

fn fault_of(address: &str) -> Option<&'static Rule> {
    if address.is_empty() {
        Some(&MISSING)
    } else if !is_address(address) {
        Some(&UNSUPPORTED)
    } else if url::Url::parse(address).is_ok_and(|url| !url.username().is_empty() || url.password().is_some()) {
        Some(&CREDENTIALS)
    } else if is_not_public(address) {
        Some(&NOT_PUBLIC)
    } else {
        address.starts_with("http://").then_some(&INSECURE)
    }
}

/// http(s) with a host, mailto, tel, or a path of the site that begins with exactly one slash.
fn is_address(url: &str) -> bool {
    if url.starts_with('/') {
        return !url.starts_with("//") && !url.contains('\\') && !url.contains(char::is_whitespace);
    }
    match url::Url::parse(url) {
        Ok(parsed) => match parsed.scheme() {
            "http" | "https" => parsed.host_str().is_some_and(|host| !host.is_empty()),
            "mailto" | "tel" => !parsed.path().is_empty(),
            _ => false,
        },
        Err(_) => false,
    }
}

/// Whether an address leads to this panel, to a preview, or to a machine that only people nearby reach.
fn is_not_public(address: &str) -> bool {
    if address.starts_with('/') {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        return ["/admin", "/manage/v1", "/preview/v1"]
            .iter()
            .any(|place| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    }
    let Ok(parsed) = url::Url::parse(address) else { return false };
    match parsed.host() {
        Some(url::Host::Domain(domain)) => {
            let domain = domain.trim_end_matches('.');
            let first = domain.split('.').next().unwrap_or_default();
            domain == "localhost"
                || [".localhost", ".local", ".internal"].iter().any(|end| domain.ends_with(end))
                || matches!(first, "admin" | "cms" | "preview" | "staging")
        }
        Some(url::Host::Ipv4(address)) => {
            address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified()
        }
        Some(url::Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_unspecified()
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(address: &str) -> Option<&'static str> {
        fault_of(address).map(|rule| rule.code)
    }

    #[test]
    fn only_web_mail_telephone_and_site_addresses_are_supported() {
        for good in
            ["https://www.jobs.nhs.uk/", "http://a.example/x?y#z", "mailto:a@b.example", "tel:0800", "/ict", "/"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "//evil.example",
            "data:text/html,x",
            "www.nhs.uk",
            "https://",
            "/\\evil",
            "ftp://a.b",
        ] {
            assert_eq!(code_of(bad), Some("link-address-unsupported"), "{bad}");
        }
    }

    #[test]
    fn what_only_staff_can_open_is_no_address_for_readers() {
        for bad in [
            "/admin",
            "/admin/role-pages?x",
            "/preview/v1/role-pages/1",
            "https://preview.careers.example/porter",
            "https://cms.careers.example/",
            "http://localhost:8080/",
            "https://127.0.0.1/",
            "http://10.1.2.3/",
            "http://[::1]/",
        ] {
            assert_eq!(code_of(bad), Some("link-not-public"), "{bad}");
        }
        for good in ["/administrator", "/careers/admin", "https://www.preview.example/", "https://adminjobs.example/"] {
            assert_eq!(code_of(good), None, "{good}");
        }
    }
}
