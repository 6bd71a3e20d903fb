//! Asking a running server whether it is ready, over a plain connection or over TLS: no client library for one line of
//! HTTP.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::one;
use crate::edge::tls;

const PATIENCE: Duration = Duration::from_secs(3);

/// Which server.
#[derive(Debug, Args)]
pub struct HealthcheckArguments {
    /// The address the server listens on.
    #[arg(long, env = "CANDOUR_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// The file with its certificate, where it speaks TLS; nothing else is taken for it.
    #[arg(long, env = "CANDOUR_TLS_CERTIFICATE")]
    pub tls_certificate: Option<PathBuf>,
}

/// Asks `/readyz`.
pub(super) fn healthcheck(arguments: &HealthcheckArguments) -> Result<(), Vec<String>> {
    let mut address: SocketAddr = arguments.listen.parse().map_err(|_| one("CANDOUR_LISTEN: an address and a port"))?;
    if address.ip().is_unspecified() {
        // What listens everywhere is asked on the loopback.
        let loopback: IpAddr = if address.is_ipv4() { [127, 0, 0, 1].into() } else { Ipv6Addr::LOCALHOST.into() };
        address.set_ip(loopback);
    }
    let certificate = arguments.tls_certificate.as_deref().filter(|path| !path.as_os_str().is_empty());
    let encryption = certificate.map(|path| client(path, address.ip())).transpose()?;
    match ask(address, encryption) {
        Ok(line) if line.contains(" 200 ") => Ok(()),
        Ok(line) => Err(vec![format!("not ready: {}", line.trim())]),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            Err(vec![format!("no answer from {address} within {} seconds", PATIENCE.as_secs())])
        }
        Err(error) => Err(vec![format!("no answer from {address}: {error}")]),
    }
}

fn ask(address: SocketAddr, encryption: Option<ClientConnection>) -> io::Result<String> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    match encryption {
        Some(connection) => first_line(StreamOwned::new(connection, stream)),
        None => first_line(stream),
    }
}

fn first_line(mut stream: impl Read + Write) -> io::Result<String> {
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    stream.flush()?;
    let mut line = String::new();
    BufReader::new(stream.take(1024)).read_line(&mut line)?;
    Ok(line)
}

fn client(certificate: &Path, address: IpAddr) -> Result<ClientConnection, Vec<String>> {
    let chain = tls::certificates(certificate).map_err(|fault| one(format!("CANDOUR_TLS_CERTIFICATE: {fault}")))?;
    let provider = tls::provider();
    let pinned = Pinned { certificate: chain.into_iter().next(), provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(one)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_no_client_auth();
    ClientConnection::new(Arc::new(config), ServerName::IpAddress(address.into())).map_err(one)
}

/// Takes the one certificate that the server is configured with, whatever name is in it: the check asks an address of this
/// machine.
#[derive(Debug)]
struct Pinned {
    certificate: Option<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.certificate.as_ref() == Some(end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
