//! The identity provider's keys by address: they change, the provider goes away, answers nonsense, or too much.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use candour::{
    config::TokenSettings,
    edge::{
        key_source::{KeyAddress, KeySource},
        tls,
    },
};
use jsonwebtoken::Algorithm;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, pem::PemObject},
};
use serde_json::{Value, json};

use crate::{
    support::{Database, Folder, Server, casework::with, world},
    tokens::{ISSUER, NOW, header, public, token},
};

/// What the provider answers, but for its head.
type Answers = Arc<Mutex<(String, String)>>;

/// A provider on this machine. What it answers may change; it counts how often it was asked.
struct Provider {
    address: SocketAddr,
    answers: Answers,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    fn start(encryption: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Answers::default();
        let asked = Arc::new(AtomicUsize::new(0));
        let (given, counted) = (Arc::clone(&answers), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, Ordering::SeqCst);
                let (status, body) = given.lock().unwrap().clone();
                // A client that hangs up, or does not trust, is no fault of the provider's.
                let _served = match &encryption {
                    Some(config) => ServerConnection::new(Arc::clone(config))
                        .map_err(std::io::Error::other)
                        .and_then(|connection| answer(StreamOwned::new(connection, stream), &status, &body)),
                    None => answer(stream, &status, &body),
                };
            }
        });
        Self { address, answers, asked }
    }

    fn answer(&self, status: &str, body: &str) {
        *self.answers.lock().unwrap() = (status.to_owned(), body.to_owned());
    }

    fn keys(&self, keys: &[Value]) {
        self.answer("200 OK", &json!({"keys": keys}).to_string());
    }

    fn times_asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(mut stream: impl std::io::Read + Write, status: &str, body: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(&mut stream);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
    stream.flush()
}

/// A server that asks at `url`; after each unknown key, or half a minute after the last time at the soonest.
fn server(url: String, soonest: Duration, certificate_file: Option<&str>) -> Server {
    let every = Duration::from_hours(1);
    let source = KeyAddress { every, soonest, ..KeyAddress::new(url, certificate_file.map(Into::into)) };
    let tokens = TokenSettings {
        source: KeySource::Address(source),
        issuer: ISSUER.to_owned(),
        audience: "candour".to_owned(),
        algorithms: vec![Algorithm::EdDSA],
        authorities_claim: "candour_authorities".to_owned(),
    };
    Server::configured(Database::Sqlite, |settings| settings.tokens = Some(tokens))
}

/// The status of a call with a token that names this key.
fn status(server: &Server, seed: u8, key: &str) -> u16 {
    let claims = json!({"iss": ISSUER, "aud": "candour", "sub": "staff-7", "exp": NOW + 300, "scope": "requests:read",
        "candour_authorities": [world::only_authority(server)]});
    let header = with(header(), &json!({"kid": key}));
    server.with_key(&token(seed, &header, &claims)).get("/v1/whoami").status
}

const AT_ONCE: Duration = Duration::ZERO;
const NOT_SOON: Duration = Duration::from_hours(1);

#[test]
fn keys_change_at_the_address_and_the_last_good_ones_outlive_the_provider() {
    let provider = Provider::start(None);
    provider.keys(&[public(1, "first")]);
    let server = server(format!("http://{}/keys", provider.address), AT_ONCE, None);
    assert_eq!((status(&server, 1, "first"), provider.times_asked()), (200, 1));
    // A known key is no reason to ask, whatever is wrong with the token.
    assert_eq!((status(&server, 2, "first"), provider.times_asked()), (401, 1));
    assert_eq!((status(&server, 2, "second"), provider.times_asked()), (401, 2));
    provider.keys(&[public(2, "second")]);
    assert_eq!((status(&server, 2, "second"), provider.times_asked()), (200, 3));
    // What the provider has taken out is no good any more.
    assert_eq!(status(&server, 1, "first"), 401);
    let huge = format!("{{\"keys\":[],\"padding\":\"{}\"}}", "x".repeat(300 * 1024));
    let octets = json!({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "third"}]}).to_string();
    let elsewhere = "302 Found\r\nLocation: http://127.0.0.1:1/keys";
    for (answer, body) in [
        ("200 OK", "{"),
        ("200 OK", "<html>"),
        ("200 OK", "{\"keys\":[]}"),
        ("200 OK", huge.as_str()),
        ("200 OK", octets.as_str()),
        ("500 Internal Server Error", ""),
        (elsewhere, ""),
        ("nonsense", ""),
    ] {
        provider.answer(answer, body);
        let asked = provider.times_asked();
        assert_eq!(status(&server, 3, "third"), 401, "{answer}");
        assert_eq!(provider.times_asked(), asked + 1, "{answer}");
        assert_eq!(status(&server, 2, "second"), 200, "{answer}");
    }
}

#[test]
fn tokens_with_unknown_keys_do_not_make_the_service_ask_again_and_again() {
    let provider = Provider::start(None);
    provider.keys(&[public(1, "first")]);
    let server = server(format!("http://{}/keys", provider.address), NOT_SOON, None);
    provider.keys(&[public(2, "second")]);
    for key in ["second", "third", "fourth"] {
        assert_eq!(status(&server, 2, key), 401);
    }
    assert_eq!((status(&server, 1, "first"), provider.times_asked()), (200, 1));
}

#[test]
fn the_service_starts_without_its_provider_and_takes_tokens_once_it_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    assert!(TcpStream::connect(nobody).is_err());
    let alone = server(format!("http://{nobody}/keys"), AT_ONCE, None);
    assert_eq!(status(&alone, 1, "first"), 401);
    // Keys of the service itself need no provider.
    alone.get("/v1/requests").expect(200);
    alone.anonymous().get("/readyz").expect(200);

    let provider = Provider::start(None);
    provider.answer("503 Service Unavailable", "");
    let server = server(format!("http://{}/keys", provider.address), AT_ONCE, None);
    assert_eq!(status(&server, 1, "first"), 401);
    provider.keys(&[public(1, "first")]);
    assert_eq!(status(&server, 1, "first"), 200);
}

#[test]
fn keys_come_over_tls_from_whom_the_certificates_vouch_for() {
    let folder = Folder::new();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (vouching, stranger) = (folder.file("own.pem", &made.cert.pem()), folder.file("other.pem", &other.cert.pem()));
    let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(tls::provider()).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let provider = Provider::start(Some(Arc::new(config)));
    provider.keys(&[public(1, "first")]);
    let url = format!("https://localhost:{}/keys", provider.address.port());
    assert_eq!(status(&server(url.clone(), AT_ONCE, Some(&vouching)), 1, "first"), 200);
    assert_eq!(status(&server(url, AT_ONCE, Some(&stranger)), 1, "first"), 401);
}
