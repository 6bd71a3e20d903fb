//! Tokens of an identity provider: taken when everything about them is right, and else refused like any bad credential.

use std::{fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use candour::{config::TokenSettings, edge::key_source::KeySource};
use ed25519_dalek::{Signer, SigningKey};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::{
    on_each,
    support::{Client, Database, Folder, Server, casework::with, until, world},
};

pub const ISSUER: &str = "https://identity.example";
/// 2026-06-30T12:00:00Z, when the tests take place.
pub const NOW: i64 = 1_782_820_800;

struct Provider {
    server: Server,
    file: PathBuf,
    authority: String,
    _folder: Folder,
}

fn signing(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub fn public(seed: u8, id: &str) -> Value {
    let x = URL_SAFE_NO_PAD.encode(signing(seed).verifying_key().as_bytes());
    json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": id, "x": x})
}

pub fn token(seed: u8, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signing(seed).sign(signed.as_bytes()).to_bytes()))
}

pub fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "first"})
}

impl Provider {
    fn start(database: Database) -> Self {
        let folder = Folder::new();
        let file = folder.path().join("keys.json");
        fs::write(&file, json!({"keys": [public(1, "first")]}).to_string()).unwrap();
        let tokens = TokenSettings {
            source: KeySource::File(file.clone()),
            issuer: ISSUER.to_owned(),
            audience: "candour".to_owned(),
            algorithms: vec![Algorithm::EdDSA, Algorithm::RS256],
            authorities_claim: "candour_authorities".to_owned(),
        };
        let server = Server::configured(database, |settings| settings.tokens = Some(tokens));
        let authority = world::only_authority(&server);
        Self { server, file, authority, _folder: folder }
    }

    fn claims(&self) -> Value {
        json!({"iss": ISSUER, "aud": ["candour", "other"], "sub": "staff-7", "exp": NOW + 300, "nbf": NOW - 5,
            "scope": "openid requests:read requests:write", "candour_authorities": [self.authority]})
    }

    fn client(&self, token: &str) -> Client {
        self.server.with_key(token)
    }

    fn status(&self, token: &str) -> u16 {
        self.client(token).get("/v1/whoami").status
    }
}

on_each! {
    fn a_good_token_opens_what_it_says(database) {
        let provider = Provider::start(database);
        let client = provider.client(&token(1, &header(), &provider.claims()));
        let whoami = client.get("/v1/whoami").expect(200);
        assert_eq!((&whoami["actor"], &whoami["scopes"]), (&json!("staff-7"), &json!(["requests:read", "requests:write"])));
        assert_eq!(whoami["authorities"][0]["id"], provider.authority);
        let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
        client.post_keyed("/v1/requests", "one", &body).expect(201);
        // A newer token of the same person replays what the older began.
        let newer = provider.client(&token(1, &header(), &with(provider.claims(), &json!({"exp": NOW + 600}))));
        assert_eq!(newer.post_keyed("/v1/requests", "one", &body).header("idempotency-replayed"), "true");
        client
            .get("/v1/metrics/timeliness?start_on=2026-01-01&end_on=2026-06-30&basis=received")
            .problem(403, "insufficient-scope");
        let other = provider.server.authority("Another authority");
        let elsewhere = with(provider.claims(), &json!({"candour_authorities": [other]}));
        let request = client.get("/v1/requests").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let elsewhere = provider.client(&token(1, &header(), &elsewhere));
        elsewhere.get(&format!("/v1/requests/{request}")).problem(404, "not-found");
        assert_eq!(elsewhere.get("/v1/requests").expect(200)["items"], json!([]));
        let nowhere = token(
            1,
            &header(),
            &with(provider.claims(), &json!({"candour_authorities": [uuid::Uuid::new_v4().to_string()]})),
        );
        assert_eq!(provider.client(&nowhere).get("/v1/requests").expect(200)["items"], json!([]));
        let both = token(1, &header(), &with(provider.claims(), &json!({"scope": "operator requests:read"})));
        assert_eq!(provider.client(&both).get("/v1/whoami").expect(200)["scopes"], json!(["requests:read"]));
    }

    fn whatever_is_wrong_with_a_token_it_is_refused(database) {
        let provider = Provider::start(database);
        let claims = provider.claims();
        let changed = |members: Value| token(1, &header(), &with(claims.clone(), &members));
        let lacking = |member: &str| {
            let mut claims = claims.clone();
            claims.as_object_mut().unwrap().remove(member);
            token(1, &header(), &claims)
        };
        let headed = |members: Value| token(1, &with(header(), &members), &claims);
        let good = token(1, &header(), &claims);
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let x = public(1, "first")["x"].as_str().unwrap().to_owned();
        let wrong = [
            ("expired", changed(json!({"exp": NOW - 31}))),
            ("not yet", changed(json!({"nbf": NOW + 31}))),
            ("issuer", changed(json!({"iss": "https://elsewhere.example"}))),
            ("audience", changed(json!({"aud": "other"}))),
            ("no subject", changed(json!({"sub": ""}))),
            ("no exp", lacking("exp")),
            ("no iss", lacking("iss")),
            ("no aud", lacking("aud")),
            ("no sub", lacking("sub")),
            ("another's signature", token(2, &header(), &claims)),
            ("no signature", format!("{signed}.")),
            ("another's claims", format!("{}.{signature}", changed(json!({"sub": "chief"})).rsplit_once('.').unwrap().0)),
            ("unsigned", headed(json!({"alg": "none"}))),
            ("shared secret", headed(json!({"alg": "HS256"}))),
            ("not pinned", headed(json!({"alg": "ES256"}))),
            ("of another kind", headed(json!({"alg": "RS256"}))),
            ("unknown key", headed(json!({"kid": "second"}))),
            ("no key", token(1, &json!({"alg": "EdDSA"}), &claims)),
            (
                "brings its key",
                token(2, &with(header(), &json!({"jwk": public(2, "first"), "jku": "https://elsewhere.example"})), &claims),
            ),
            ("identity token", headed(json!({"typ": "id+jwt"}))),
            ("critical", headed(json!({"crit": ["b64"], "b64": false}))),
            ("too long", changed(json!({"padding": "a".repeat(9000)}))),
            ("raw key", x),
        ];
        assert_eq!(provider.status(&good), 200);
        for (what, token) in wrong {
            provider.client(&token).get("/v1/whoami").problem(401, "unauthenticated");
            assert_eq!(provider.status(&token), 401, "{what}");
        }
        for skewed in [json!({"exp": NOW - 29}), json!({"nbf": NOW + 29})] {
            assert_eq!(provider.status(&changed(skewed)), 200);
        }
        let other = Server::start(database);
        other.with_key(&good).get("/v1/whoami").problem(401, "unauthenticated");
    }

    /// A `NumericDate` may have a fraction (RFC 7519 section 2).
    fn a_token_may_name_a_fraction_of_a_second(database) {
        let provider = Provider::start(database);
        let changed = |members: Value| token(1, &header(), &with(provider.claims(), &members));
        let taken = |members: Value| assert_eq!(provider.status(&changed(members.clone())), 200, "{members}");
        taken(json!({"exp": 1_782_821_100.25, "nbf": 1_782_820_795.5, "iat": 1_782_820_795.123_456}));
        taken(json!({"exp": 1_782_820_771.5}));
        taken(json!({"exp": 1_782_821_100.0}));
        taken(json!({"exp": 4e12}));
        taken(json!({"nbf": 0.5}));
        taken(json!({"nbf": null}));
        for wrong in [
            json!({"exp": 1_782_820_770.9}),
            json!({"exp": 1_782_820_769.5}),
            json!({"exp": 1e300}),
            json!({"exp": NOW.to_string()}),
            json!({"exp": -1.5}),
            json!({"exp": null}),
            json!({"nbf": 1_782_820_831.0}),
            json!({"nbf": 1e300}),
            json!({"nbf": "0"}),
            json!({"nbf": [0]}),
        ] {
            assert_eq!(provider.status(&changed(wrong.clone())), 401, "{wrong}");
        }
    }

    /// `scope` is a text of words (RFC 8693 section 4.2), or the list of them that some providers write.
    fn a_token_may_list_its_scopes(database) {
        let provider = Provider::start(database);
        let changed = |members: Value| token(1, &header(), &with(provider.claims(), &members));
        let opened = |scope: Value| {
            let whoami = provider.client(&changed(json!({"scope": scope}))).get("/v1/whoami");
            (whoami.status == 200).then(|| whoami.json()["scopes"].clone())
        };
        assert_eq!(
            opened(json!(["openid", "requests:write", "requests:read"])),
            opened(json!("requests:read requests:write"))
        );
        assert_eq!(opened(json!(["openid", "requests:read"])), Some(json!(["requests:read"])));
        assert_eq!(opened(json!(["operator", "requests:read"])), Some(json!(["requests:read"])));
        assert_eq!(opened(json!(["requests:read requests:write"])), Some(json!([])), "one word a value");
        assert_eq!((opened(json!([])), opened(json!(null))), (Some(json!([])), Some(json!([]))));
        for wrong in [json!(["requests:read", 7]), json!({"requests:read": true}), json!(7), json!([["requests:read"]])] {
            assert_eq!(opened(wrong.clone()), None, "{wrong}");
        }
    }

    fn keys_are_exchanged_while_the_service_runs(database) {
        let provider = Provider::start(database);
        let old = token(1, &header(), &provider.claims());
        let new = token(2, &with(header(), &json!({"kid": "second"})), &provider.claims());
        assert_eq!((provider.status(&old), provider.status(&new)), (200, 401));
        fs::write(&provider.file, json!({"keys": [public(1, "first"), public(2, "second")]}).to_string()).unwrap();
        until("the new key is taken", || provider.status(&new) == 200);
        assert_eq!(provider.status(&old), 200);
        fs::write(&provider.file, json!({"keys": [public(2, "second")]}).to_string()).unwrap();
        until("the old key is taken no longer", || provider.status(&old) == 401);
        // A file that is broken for a while stops nobody.
        fs::write(&provider.file, "{").unwrap();
        assert_eq!(provider.status(&token(3, &with(header(), &json!({"kid": "third"})), &provider.claims())), 401);
        assert_eq!(provider.status(&new), 200);
    }
}
