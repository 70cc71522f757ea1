//! Settings from flags and the environment, checked as a whole before anything starts. A fault is one sentence that names
//! the setting, the value and what was expected.

use std::{
    fmt,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    path::{Path, PathBuf},
};

use clap::Args;
use ipnet::IpNet;
use validator::ValidateEmail;

/// Settings of every command that needs the database.
#[derive(Args, Clone, Debug)]
pub struct StorageFlags {
    /// sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME [default: sqlite://DATA_DIR/rolebook.db]
    #[arg(long, env = "ROLEBOOK_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// Where the SQLite database and the images are kept
    #[arg(long, env = "ROLEBOOK_DATA_DIR", default_value = "./data", value_name = "DIR")]
    pub data_dir: PathBuf,
}

/// Settings of the server.
#[derive(Args, Clone, Debug)]
pub struct ServerFlags {
    #[command(flatten)]
    pub storage: StorageFlags,
    /// Address and port to listen on
    #[arg(long, env = "ROLEBOOK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: String,
    /// How the public reaches this server [default: http://LISTEN]
    #[arg(long, env = "ROLEBOOK_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Addresses or CIDR ranges whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas
    #[arg(long, env = "ROLEBOOK_TRUSTED_PROXIES", value_delimiter = ',', value_name = "RANGES")]
    pub trusted_proxies: Vec<String>,
    /// Origins of front-end sites, separated by commas: reports may come from and return to them
    #[arg(long, env = "ROLEBOOK_SITE_ORIGINS", value_delimiter = ',', value_name = "ORIGINS")]
    pub site_origins: Vec<String>,
    /// Private addresses or CIDR ranges that webhooks may be sent to, separated by commas [default: none]
    #[arg(long, env = "ROLEBOOK_WEBHOOK_PRIVATE_TARGETS", value_delimiter = ',', value_name = "RANGES")]
    pub webhook_private_targets: Vec<String>,
    #[command(flatten)]
    pub mail: MailFlags,
    /// Where /metrics listens [default: off]
    #[arg(long, env = "ROLEBOOK_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<String>,
    /// Most memory for public answers that are kept, in MiB
    #[arg(long, env = "ROLEBOOK_CACHE_MIB", default_value = "256", value_name = "MIB")]
    pub cache_mib: String,
    /// Serve a demo from DATA_DIR/demo.db, or from the database that --database names; it is filled at the first start
    #[arg(long)]
    pub demo: bool,
}

/// The way out for mail. Without a server nothing is sent, and links are shown to copy.
#[derive(Args, Clone, Debug)]
pub struct MailFlags {
    /// The server that takes mail, as HOST or HOST:PORT [default: none, links are shown to copy]
    #[arg(long, env = "ROLEBOOK_MAIL_SERVER", value_name = "HOST")]
    pub mail_server: Option<String>,
    /// How the way there is encrypted: starttls, tls, or none for a server on this machine
    #[arg(long, env = "ROLEBOOK_MAIL_TLS", default_value = "starttls", value_name = "MODE")]
    pub mail_tls: String,
    /// With which name to sign in at the mail server [default: none]
    #[arg(long, env = "ROLEBOOK_MAIL_USER", hide_env_values = true, value_name = "NAME")]
    pub mail_user: Option<String>,
    /// The password for it; better given by the environment, where other people of this machine don't see it
    #[arg(long, env = "ROLEBOOK_MAIL_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    pub mail_password: Option<Secret>,
    /// Who mail comes from: an address, or a name with an address as in "Careers <careers@example.org>"
    #[arg(long, env = "ROLEBOOK_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
}

/// A text that nothing prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// For the one place that hands it over.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// How the way to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// The connection goes over to TLS before anything else is said, or no mail is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Not at all; to this very machine only.
    None,
}

/// Who mail comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub name: Option<String>,
    pub address: String,
}

/// The server that takes mail, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
    pub encryption: MailEncryption,
    /// Name and password.
    pub credentials: Option<(String, Secret)>,
    pub sender: Sender,
}

/// Where data is kept, checked.
#[derive(Clone, Debug)]
pub struct Storage {
    pub database_url: String,
    pub data_dir: PathBuf,
}

/// Everything the server needs, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub storage: Storage,
    pub listen: SocketAddr,
    /// Without a slash at the end; `None`: made from the address that is really listened on.
    pub public_url: Option<String>,
    pub trusted_proxies: Vec<IpNet>,
    pub site_origins: Vec<String>,
    pub webhook_private_targets: Vec<IpNet>,
    /// `None`: no mail is sent.
    pub mail: Option<MailServer>,
    pub metrics_listen: Option<SocketAddr>,
    /// Most memory for public answers that are kept.
    pub cache_bytes: u64,
    /// Whether a demo is wanted.
    pub demo: bool,
}

/// What is wrong with a setting.
#[derive(Debug)]
pub struct ConfigFault {
    setting: &'static str,
    value: String,
    expected: &'static str,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "The setting {} is {:?}, but {} was expected.", self.setting, self.value, self.expected)
    }
}

impl std::error::Error for ConfigFault {}

impl StorageFlags {
    /// # Errors
    /// The first setting that is wrong.
    pub fn check(&self) -> Result<Storage, ConfigFault> {
        self.check_with("rolebook.db")
    }

    /// The same with another name for the SQLite file where no database is named.
    fn check_with(&self, file: &str) -> Result<Storage, ConfigFault> {
        let data_dir = self.data_dir.clone();
        let expected = "a directory, or a path where one can be made,";
        if data_dir.exists() && !data_dir.is_dir() {
            return Err(fault("--data-dir (ROLEBOOK_DATA_DIR)", &data_dir.display(), expected));
        }
        let database_url = match &self.database {
            Some(url) => check_database(url)?,
            None => sqlite_url(&data_dir.join(file)),
        };
        Ok(Storage { database_url, data_dir })
    }
}

/// The address of a SQLite file.
pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

fn check_database(url: &str) -> Result<String, ConfigFault> {
    let setting = "--database (ROLEBOOK_DATABASE_URL)";
    let expected = "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME";
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme {
        "sqlite" if url.len() > "sqlite://".len() && url.starts_with("sqlite://") && !url.contains(":memory:") => {
            Ok(url.to_owned())
        }
        "postgres" | "postgresql" if url::Url::parse(url).is_ok_and(|parsed| parsed.path().len() > 1) => {
            Ok(url.to_owned())
        }
        // The value may hold a password; what stands before the colon is enough to find the mistake.
        _ => Err(fault(setting, &format!("{scheme}:…"), expected)),
    }
}

impl ServerFlags {
    /// # Errors
    /// The first setting that is wrong.
    pub fn check(&self) -> Result<Config, ConfigFault> {
        Ok(Config {
            storage: self.storage.check_with(if self.demo { "demo.db" } else { "rolebook.db" })?,
            listen: address("--listen (ROLEBOOK_LISTEN)", &self.listen)?,
            public_url: self.public_url.as_deref().map(check_public_url).transpose()?,
            trusted_proxies: networks("--trusted-proxies (ROLEBOOK_TRUSTED_PROXIES)", &self.trusted_proxies)?,
            site_origins: self.site_origins.iter().map(|text| origin(text)).collect::<Result<_, _>>()?,
            webhook_private_targets: networks(
                "--webhook-private-targets (ROLEBOOK_WEBHOOK_PRIVATE_TARGETS)",
                &self.webhook_private_targets,
            )?,
            mail: self.mail.check()?,
            metrics_listen: self
                .metrics_listen
                .as_deref()
                .map(|text| address("--metrics-listen (ROLEBOOK_METRICS_LISTEN)", text))
                .transpose()?,
            cache_bytes: cache_bytes(&self.cache_mib)?,
            demo: self.demo,
        })
    }
}

impl MailFlags {
    fn check(&self) -> Result<Option<MailServer>, ConfigFault> {
        let set =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let password = self.mail_password.clone().filter(|password| !password.0.is_empty());
        let (user, from) = (set(&self.mail_user), set(&self.mail_from));
        let Some(server) = set(&self.mail_server) else {
            if user.is_some() || password.is_some() || from.is_some() {
                let expected = "a host, since another setting about mail is there,";
                return Err(fault("--mail-server (ROLEBOOK_MAIL_SERVER)", &"", expected));
            }
            return Ok(None);
        };
        let (encryption, usual_port) = match self.mail_tls.trim() {
            "starttls" => (MailEncryption::StartTls, 587),
            "tls" => (MailEncryption::Tls, 465),
            "none" => (MailEncryption::None, 25),
            other => return Err(fault("--mail-tls (ROLEBOOK_MAIL_TLS)", &other, "starttls, tls or none")),
        };
        let (host, port) = mail_host(&server)?;
        if encryption == MailEncryption::None && !is_this_machine(&host) {
            let expected = "starttls or tls, since the mail server is not this machine,";
            return Err(fault("--mail-tls (ROLEBOOK_MAIL_TLS)", &"none", expected));
        }
        let credentials = match (user, password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(user), None) => {
                return Err(fault("--mail-user (ROLEBOOK_MAIL_USER)", &user, "a password beside it"));
            }
            (None, Some(_)) => return Err(fault("--mail-user (ROLEBOOK_MAIL_USER)", &"", "the name for the password")),
        };
        let sender = sender(from.as_deref().unwrap_or_default())?;
        Ok(Some(MailServer { host, port: port.unwrap_or(usual_port), encryption, credentials, sender }))
    }
}

fn mail_host(text: &str) -> Result<(String, Option<u16>), ConfigFault> {
    let parsed = url::Url::parse(&format!("smtp://{text}")).ok().filter(|url| {
        matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && !text.contains(['@', '/'])
    });
    let port = parsed.as_ref().and_then(url::Url::port);
    let host = parsed.as_ref().and_then(url::Url::host_str).and_then(|host| url::Host::parse(host).ok());
    let host = host.map(|host| match host {
        url::Host::Ipv6(address) => address.to_string(),
        other => other.to_string(),
    });
    match host {
        Some(host) => Ok((host, port)),
        None => {
            let expected = "a host such as mail.example.org, with a port or without,";
            Err(fault("--mail-server (ROLEBOOK_MAIL_SERVER)", &text, expected))
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn sender(text: &str) -> Result<Sender, ConfigFault> {
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"').to_owned(), address.trim()),
        None => (String::new(), text.trim()),
    };
    if text.chars().any(char::is_control) || !address.validate_email() || name.contains(['<', '>']) {
        let expected = "an address, or a name with an address as in Careers <careers@example.org>,";
        return Err(fault("--mail-from (ROLEBOOK_MAIL_FROM)", &text, expected));
    }
    Ok(Sender { name: Some(name).filter(|name| !name.is_empty()), address: address.to_owned() })
}

fn cache_bytes(text: &str) -> Result<u64, ConfigFault> {
    let mib: Option<u64> = text.parse().ok().filter(|mib| (1..=1_048_576).contains(mib));
    mib.map(|mib| mib * 1_024 * 1_024)
        .ok_or_else(|| fault("--cache-mib (ROLEBOOK_CACHE_MIB)", &text, "a whole number of MiB from 1 to 1048576"))
}

fn address(setting: &'static str, text: &str) -> Result<SocketAddr, ConfigFault> {
    let found = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    found.ok_or_else(|| fault(setting, &text, "an address with a port, such as 127.0.0.1:8080,"))
}

/// # Errors
/// For anything but scheme, host and port.
pub fn check_public_url(text: &str) -> Result<String, ConfigFault> {
    let parsed = url::Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    match parsed {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => {
            let expected = "an http(s) address without a path, such as https://careers.example,";
            Err(fault("--public-url (ROLEBOOK_PUBLIC_URL)", &text, expected))
        }
    }
}

fn networks(setting: &'static str, texts: &[String]) -> Result<Vec<IpNet>, ConfigFault> {
    let network = |text: &String| {
        let text = text.trim();
        let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
        text.parse().ok().or_else(single).ok_or_else(|| {
            let expected = "an address or a range such as 10.0.0.0/8";
            fault(setting, &text, expected)
        })
    };
    texts.iter().map(network).collect()
}

fn origin(text: &str) -> Result<String, ConfigFault> {
    let text = text.trim().trim_end_matches('/');
    let parsed = url::Url::parse(text).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    match parsed {
        Some(origin) if origin.ascii_serialization() == text => Ok(text.to_owned()),
        _ => {
            let expected = "an origin such as https://www.careers.example, without a path,";
            Err(fault("--site-origins (ROLEBOOK_SITE_ORIGINS)", &text, expected))
        }
    }
}

fn fault(setting: &'static str, value: &dyn fmt::Display, expected: &'static str) -> ConfigFault {
    ConfigFault { setting, value: value.to_string(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> ServerFlags {
        ServerFlags {
            storage: StorageFlags { database: None, data_dir: PathBuf::from("./data") },
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            trusted_proxies: Vec::new(),
            site_origins: Vec::new(),
            webhook_private_targets: Vec::new(),
            mail: mail(None, "starttls"),
            metrics_listen: None,
            cache_mib: "256".to_owned(),
            demo: false,
        }
    }

    fn mail(server: Option<&str>, tls: &str) -> MailFlags {
        MailFlags {
            mail_server: server.map(str::to_owned),
            mail_tls: tls.to_owned(),
            mail_user: None,
            mail_password: None,
            mail_from: server.map(|_| "Careers <careers@example.org>".to_owned()),
        }
    }

    #[test]
    fn a_mail_server_is_named_with_its_port_its_encryption_and_who_mail_comes_from() {
        let checked = |flags: MailFlags| flags.check().unwrap().unwrap();
        let usual = checked(mail(Some("mail.example.org"), "starttls"));
        assert_eq!((usual.host.as_str(), usual.port), ("mail.example.org", 587));
        let sender = Sender { name: Some("Careers".to_owned()), address: "careers@example.org".to_owned() };
        assert_eq!((usual.encryption, usual.sender), (MailEncryption::StartTls, sender));
        let ports = [
            ("a.example:2525", "tls", 2525),
            ("a.example", "tls", 465),
            ("127.0.0.1", "none", 25),
            ("[::1]:26", "none", 26),
        ];
        for (server, tls, port) in ports {
            assert_eq!(checked(mail(Some(server), tls)).port, port, "{server}");
        }
        assert_eq!(mail(None, "starttls").check().unwrap(), None, "off by default");
    }

    #[test]
    fn what_is_wrong_about_mail_is_said_without_the_password() {
        let secret = Some(Secret("hunter2".to_owned()));
        let user = Some("rolebook".to_owned());
        let wrong = [
            (mail(Some("mail.example.org/in"), "tls"), "--mail-server"),
            (mail(Some("you@mail.example.org"), "tls"), "--mail-server"),
            (mail(Some("mail.example.org"), "ssl"), "--mail-tls"),
            (mail(Some("mail.example.org"), "none"), "--mail-tls"),
            (mail(Some("192.168.1.2"), "none"), "--mail-tls"),
            (MailFlags { mail_from: Some("nobody".to_owned()), ..mail(Some("a.example"), "tls") }, "--mail-from"),
            (
                MailFlags {
                    mail_from: Some("A\r\nBcc: x@y.example <a@b.example>".to_owned()),
                    ..mail(Some("a.example"), "tls")
                },
                "--mail-from",
            ),
            (MailFlags { mail_from: None, ..mail(Some("a.example"), "tls") }, "--mail-from"),
            (MailFlags { mail_user: user.clone(), ..mail(Some("a.example"), "tls") }, "--mail-user"),
            (MailFlags { mail_password: secret.clone(), ..mail(Some("a.example"), "tls") }, "--mail-user"),
            (MailFlags { mail_user: user, mail_password: secret, ..mail(None, "tls") }, "--mail-server"),
        ];
        for (flags, setting) in wrong {
            let sentence = flags.check().unwrap_err().to_string();
            assert!(sentence.contains(setting) && sentence.contains("expected"), "{sentence}");
            assert!(!sentence.contains("hunter2") && !format!("{flags:?}").contains("hunter2"), "{sentence}");
        }
    }

    #[test]
    fn each_wrong_setting_is_named_with_its_value_and_what_was_expected() {
        let wrong = [
            (ServerFlags { listen: "nowhere".to_owned(), ..flags() }, "--listen", "nowhere"),
            (ServerFlags { cache_mib: "0".to_owned(), ..flags() }, "--cache-mib", "0"),
            (
                ServerFlags { public_url: Some("careers.example/x".to_owned()), ..flags() },
                "--public-url",
                "careers.example/x",
            ),
            (
                ServerFlags { trusted_proxies: vec!["10.0.0.0/99".to_owned()], ..flags() },
                "--trusted-proxies",
                "10.0.0.0/99",
            ),
            (
                ServerFlags { site_origins: vec!["https://a.example/b".to_owned()], ..flags() },
                "--site-origins",
                "https://a.example/b",
            ),
            (
                ServerFlags { webhook_private_targets: vec!["intranet".to_owned()], ..flags() },
                "--webhook-private-targets",
                "intranet",
            ),
            (ServerFlags { metrics_listen: Some("x".to_owned()), ..flags() }, "--metrics-listen", "x"),
        ];
        for (flags, setting, value) in wrong {
            let sentence = flags.check().unwrap_err().to_string();
            assert!(
                sentence.contains(setting) && sentence.contains(value) && sentence.contains("expected"),
                "{sentence}"
            );
        }
        let storage =
            StorageFlags { database: Some("mysql://root:secret@x/y".to_owned()), data_dir: PathBuf::from(".") };
        let sentence = storage.check().unwrap_err().to_string();
        assert!(sentence.contains("mysql") && !sentence.contains("secret"), "{sentence}");
    }
}
