//! Settings from flags and the environment, checked as a whole before anything starts. A fault is one sentence that names
//! the setting, the value and what was expected.

use std::{
    fmt,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    path::{Path, PathBuf},
};

use clap::Args;
use ipnet::IpNet;

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
            metrics_listen: None,
            cache_mib: "256".to_owned(),
            demo: false,
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
