//! TLS by the service itself: who trusts its certificate gets an answer, plain HTTP gets none.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use candour::edge::tls::{TlsSettings, certificates, provider};
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned, SupportedProtocolVersion};

use crate::support::{Database, Folder, Place, Process, Server, process::Stream, server::KEY, until};

/// A certificate for `localhost` and 127.0.0.1, and its key, as files in a folder.
fn certificate(folder: &Folder, name: &str) -> TlsSettings {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    TlsSettings {
        certificate: folder.file(&format!("{name}.pem"), &made.cert.pem()).into(),
        key: folder.file(&format!("{name}.key"), &made.signing_key.serialize_pem()).into(),
    }
}

/// The first bytes of the answer to a GET by a client that trusts the certificate, and the version of TLS; an error where
/// it does not trust the server.
fn get(
    address: &str,
    path: &str,
    trusted: &TlsSettings,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<(String, Option<ProtocolVersion>)> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&trusted.certificate).unwrap() {
        roots.add(certificate).unwrap();
    }
    let config = ClientConfig::builder_with_provider(provider()).with_protocol_versions(versions).unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    // HTTP/2 is offered, and not taken: its streams would have no bound.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut stream = StreamOwned::new(connection, stream);
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    // Whether the end is announced is not what is looked at here.
    let _end = stream.read_to_end(&mut answer);
    assert_ne!(stream.conn.alpn_protocol(), Some(b"h2".as_slice()));
    Ok((String::from_utf8_lossy(&answer).into_owned(), stream.conn.protocol_version()))
}

fn address(server: &Server) -> &str {
    server.base.trim_start_matches("https://")
}

#[test]
fn who_trusts_the_certificate_gets_an_answer_and_plain_http_none() {
    let folder = Folder::new();
    let (own, other) = (certificate(&folder, "own"), certificate(&folder, "other"));
    let server = Server::configured(Database::Sqlite, |settings| settings.edge.tls = Some(own.clone()));
    for (version, wanted) in
        [(&rustls::version::TLS13, ProtocolVersion::TLSv1_3), (&rustls::version::TLS12, ProtocolVersion::TLSv1_2)]
    {
        let (answer, spoken) = get(address(&server), "/v1/requests", &own, &[version]).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\nstrict-transport-security: max-age=31536000\r\n"), "{answer}");
        assert!(answer.ends_with("{\"items\":[]}"), "{answer}");
        assert_eq!(spoken, Some(wanted));
    }
    let distrust = get(address(&server), "/livez", &other, &[&rustls::version::TLS13]).unwrap_err();
    assert!(distrust.to_string().contains("certificate"), "{distrust}");
    let mut plain = TcpStream::connect(address(&server)).unwrap();
    plain.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    plain.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _cut_off = plain.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{answer:?}");
}

#[test]
fn a_renewed_certificate_is_taken_into_use_and_a_broken_one_is_not() {
    let folder = Folder::new();
    let (own, next) = (certificate(&folder, "own"), certificate(&folder, "next"));
    let server = Server::configured(Database::Sqlite, |settings| settings.edge.tls = Some(own.clone()));
    let trusts = |settings: &TlsSettings| get(address(&server), "/livez", settings, &[&rustls::version::TLS13]).is_ok();
    let first = folder.file("first.pem", &std::fs::read_to_string(&own.certificate).unwrap());
    let first = TlsSettings { certificate: first.into(), key: own.key.clone() };
    assert!(trusts(&first) && !trusts(&next));
    // Half written: the new certificate with the old key.
    std::fs::copy(&next.certificate, &own.certificate).unwrap();
    assert!(trusts(&first));
    std::fs::copy(&next.key, &own.key).unwrap();
    until("the renewed certificate is in use", || trusts(&next));
    assert!(!trusts(&first));
}

#[test]
fn the_program_serves_and_checks_itself_over_tls() {
    let place = Place::with_schema(Database::Sqlite);
    let folder = Folder::new();
    let (own, other) = (certificate(&folder, "own"), certificate(&folder, "other"));
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let (file, key) = (path(&own.certificate), path(&own.key));
    let mut process =
        Process::serve(&place, &[("CANDOUR_TLS_CERTIFICATE", file.as_str()), ("CANDOUR_TLS_KEY", key.as_str())]);
    let ready = process.line(Stream::Output, " is ready on https://");
    let listen = ready.split("https://").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let check = |environment: &[(&str, &str)]| Process::run(place.folder(), &["healthcheck"], environment);
    // It gives up after three seconds, and a busy machine may take longer.
    until("the program finds itself ready", || {
        let good = check(&[("CANDOUR_LISTEN", &listen), ("CANDOUR_TLS_CERTIFICATE", &file)]);
        (good.code, good.errors.as_str()) == (Some(0), "")
    });
    let plain = check(&[("CANDOUR_LISTEN", &listen)]);
    assert_eq!(plain.code, Some(1), "{plain:?}");
    let mistaken = check(&[("CANDOUR_LISTEN", &listen), ("CANDOUR_TLS_CERTIFICATE", &path(&other.certificate))]);
    assert_eq!(mistaken.code, Some(1), "{mistaken:?}");
    assert_eq!(process.stop().code, Some(0));
}

#[test]
fn every_fault_of_the_configuration_is_told_at_the_start() {
    let folder = Folder::new();
    let (own, other) = (certificate(&folder, "own"), certificate(&folder, "other"));
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let (own_certificate, other_key) = (path(&own.certificate), path(&other.key));
    let start = |certificate: &str, key: &str| {
        let mut environment = vec![
            ("CANDOUR_TLS_CERTIFICATE", certificate),
            ("CANDOUR_TLS_KEY", key),
            ("CANDOUR_BOOTSTRAP_KEY", KEY),
            ("CANDOUR_LISTEN", "nowhere"),
        ];
        environment.retain(|(_, value)| !value.is_empty());
        let ended = Process::run(folder.path(), &["serve"], &environment);
        assert_eq!((ended.code, ended.output.as_str()), (Some(1), ""), "{ended:?}");
        assert!(!ended.errors.contains("PRIVATE KEY"), "{}", ended.errors);
        ended.errors.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let fault = |lines: &[String], words: &str| {
        assert!(lines.iter().any(|line| line.contains(words)), "no `{words}` in {lines:#?}");
    };
    let missing = start("no-such.pem", "no-such.key");
    assert_eq!(missing.len(), 3, "{missing:#?}");
    fault(&missing, "CANDOUR_LISTEN:");
    fault(&missing, "CANDOUR_TLS_CERTIFICATE: no-such.pem");
    fault(&missing, "CANDOUR_TLS_KEY: no-such.key");
    let mismatch = start(&own_certificate, &other_key);
    assert_eq!(mismatch.len(), 2, "{mismatch:#?}");
    fault(&mismatch, "is no key of the certificate");
    fault(&start(&own_certificate, ""), "CANDOUR_TLS_KEY: needed with CANDOUR_TLS_CERTIFICATE");
    fault(&start("", &other_key), "CANDOUR_TLS_CERTIFICATE: needed with CANDOUR_TLS_KEY");
    fault(&start(&other_key, &other_key), "no certificate in it");
}
