//! How mail leaves: `mail.toml` in the store's folder, readable by its owner alone since it holds a password.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls as Wire, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use serde::Deserialize;

use crate::domain::text::Text;

/// The file's name in the store's folder.
pub const MAIL: &str = "mail.toml";
/// How long a mail server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connection is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Not at all: a server on this machine.
    None,
    /// Begun in the open, then encrypted before anything is said (port 587).
    StartTls,
    /// Encrypted from the first byte (port 465).
    #[default]
    Tls,
}

/// By which server mail leaves.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    #[serde(default)]
    pub tls: Tls,
    /// A certificate (PEM) that is trusted beside the known ones: a company's own authority.
    #[serde(default)]
    pub ca: Option<std::path::PathBuf>,
    /// Who signs in, where the server asks.
    #[serde(default)]
    pub user: Option<String>,
    /// With which password.
    #[serde(default)]
    pub password: Option<String>,
    /// The address that mail comes from.
    pub from: String,
}

impl Route {
    /// Reads the file of a store's folder. `None` where there is none: mail waits until somebody writes it.
    pub fn read(folder: &Path) -> Result<Option<Route>, Text> {
        let path = folder.join(MAIL);
        let said = |fault: &dyn std::fmt::Display| Text::new(&format!("{MAIL}: {fault}"));
        let mode = match fs::metadata(&path) {
            Ok(meta) => meta.permissions().mode(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(said(&error)),
        };
        if mode & 0o077 != 0 {
            return Err(said(&"others may read it; chmod 600"));
        }
        let text = fs::read_to_string(&path).map_err(|error| said(&error))?;
        // What the parser says could quote the line with the password.
        let route = toml::from_str(&text).map_err(|error: toml::de::Error| said(&error.message()))?;
        Ok(Some(route))
    }

    /// Hands a letter to the server; gives its answer, or why it was not taken.
    pub fn send(&self, letter: &Message) -> Result<Text, Text> {
        let words = |error: &dyn std::fmt::Display| Text::new(&error.to_string());
        let transport = self.transport().map_err(|error| words(&error))?;
        let response = transport.send(letter).map_err(|error| words(&error))?;
        let said: Vec<&str> = response.message().collect();
        Ok(Text::new(&format!("{} {}", response.code(), said.join(" "))))
    }

    fn transport(&self) -> Result<SmtpTransport, lettre::transport::smtp::Error> {
        let wire = match self.tls {
            Tls::None => Wire::None,
            Tls::StartTls => Wire::Required(self.parameters()?),
            Tls::Tls => Wire::Wrapper(self.parameters()?),
        };
        let transport = SmtpTransport::builder_dangerous(&self.host).port(self.port).tls(wire).timeout(Some(PATIENCE));
        Ok(match (&self.user, &self.password) {
            (Some(user), Some(password)) => transport.credentials(Credentials::new(user.clone(), password.clone())),
            _ => transport,
        }
        .build())
    }

    fn parameters(&self) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let mut parameters = TlsParameters::builder(self.host.clone());
        if let Some(pem) = self.ca.as_ref().and_then(|ca| fs::read(ca).ok()) {
            parameters = parameters.add_root_certificate(Certificate::from_pem(&pem)?);
        }
        parameters.build()
    }
}
