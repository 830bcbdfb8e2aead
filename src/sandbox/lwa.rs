//! Login with Amazon and the consent page, as the simulator plays them.
//!
//! Source: Selling Partner API documentation, Connecting to the API and Website authorization workflow. A token must
//! never be given for a wrong secret, a used code or a revoked authorization.

use std::collections::HashMap;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::answer::Answer;
use super::faults::FaultKind;
use super::handle::SandboxHandle;
use super::quota::Operation;
use super::state::{Access, Code, World};
use super::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET};

/// How long the code of the consent page can be exchanged: five minutes.
const CODE_LIFE_SECS: i64 = 300;

/// The scopes that need no seller.
const GRANTLESS_SCOPES: [&str; 3] = [
    "sellingpartnerapi::notifications",
    "sellingpartnerapi::migration",
    "sellingpartnerapi::client_credential:rotation",
];

/// `POST /auth/o2/token`.
pub(crate) async fn token(request: HttpRequest, body: Bytes, handle: Data<SandboxHandle>) -> HttpResponse {
    let fields = read_fields(&request, &body);
    let answer = handle.with(|world| {
        let answer = match fields {
            Ok(fields) => world.token_answer(&fields).unwrap_or_else(|error| error),
            Err(reason) => failure(400, "invalid_request", &reason),
        };
        world.note(Operation::Token, answer.status, "");
        answer
    });
    answer.into_response()
}

/// The fields of a form or of a JSON object; Amazon's own kits send either.
fn read_fields(request: &HttpRequest, body: &Bytes) -> Result<HashMap<String, String>, String> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("application/json") {
        return serde_json::from_slice(body).map_err(|error| format!("The body is not a JSON object: {error}"));
    }
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err("The content type must be application/x-www-form-urlencoded".to_owned());
    }
    let text = std::str::from_utf8(body).map_err(|error| format!("The body is not UTF-8: {error}"))?;
    let fields = Query::<HashMap<String, String>>::from_query(text);
    fields.map(Query::into_inner).map_err(|error| format!("The body is not a form: {error}"))
}

fn failure(status: u16, error: &str, description: &str) -> Answer {
    Answer::new(status, json!({ "error": error, "error_description": description }))
}

fn revoked() -> Answer {
    let text = "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.";
    failure(400, "invalid_grant", text)
}

impl World {
    fn token_answer(&mut self, fields: &HashMap<String, String>) -> Result<Answer, Answer> {
        let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let required = |name: &str| {
            let text = format!("The request is missing a required parameter : {name}");
            field(name).ok_or_else(|| failure(400, "invalid_request", &text))
        };
        let grant = required("grant_type")?;
        let (id, secret) = (required("client_id")?, required("client_secret")?);
        if id != DEMO_CLIENT_ID || secret != DEMO_CLIENT_SECRET {
            return Err(failure(401, "invalid_client", "Client authentication failed"));
        }
        if let Some(answer) = self.token_fault() {
            return Err(answer);
        }
        match grant {
            "refresh_token" => {
                let refresh_token = required("refresh_token")?;
                let known = |list: &[String]| list.iter().any(|token| token == refresh_token);
                let seller = self.sellers.iter().position(|seller| known(&seller.refresh_tokens));
                let seller = seller.ok_or_else(revoked)?;
                if self.strikes(FaultKind::RevokedSeller, Operation::Token, seller) {
                    return Err(revoked());
                }
                Ok(self.grant(Some(seller), Some(refresh_token.to_owned())))
            }
            "authorization_code" => {
                let stale = || {
                    let text = "The request has an invalid grant parameter : code";
                    failure(400, "invalid_grant", text)
                };
                let code = self.codes.remove(required("code")?).ok_or_else(stale)?;
                let is_same_uri = field("redirect_uri").is_none_or(|uri| uri == code.redirect_uri);
                if code.expires <= self.clock.now() || !is_same_uri {
                    return Err(stale());
                }
                let refresh_token = format!("Atzr|{}", self.rng.token(180));
                if let Some(seller) = self.sellers.get_mut(code.seller) {
                    seller.refresh_tokens.push(refresh_token.clone());
                }
                Ok(self.grant(Some(code.seller), Some(refresh_token)))
            }
            "client_credentials" => {
                let scope = required("scope")?;
                if !GRANTLESS_SCOPES.contains(&scope) {
                    return Err(failure(
                        400,
                        "invalid_scope",
                        "The requested scope is invalid, unknown, or malformed.",
                    ));
                }
                Ok(self.grant(None, None))
            }
            _ => {
                let text = "The authorization grant type is not supported by the authorization server";
                Err(failure(400, "unsupported_grant_type", text))
            }
        }
    }

    /// The faults that tests may aim at the token endpoint.
    fn token_fault(&mut self) -> Option<Answer> {
        // The demonstration seller stands for everybody: before the grant is read nobody knows whose call it is.
        let mut strikes = |kind| self.strikes(kind, Operation::Token, 0);
        if strikes(FaultKind::InternalFailure) {
            return Some(failure(500, "server_error", "The authorization server encountered an unexpected condition."));
        }
        let is_down = strikes(FaultKind::ServiceUnavailable) || strikes(FaultKind::Throttled);
        is_down.then(|| failure(503, "temporarily_unavailable", "The authorization server is overloaded."))
    }

    /// Gives an access token.
    fn grant(&mut self, seller: Option<usize>, refresh_token: Option<String>) -> Answer {
        let now = self.clock.now();
        self.access.retain(|_, access| access.expires + TimeDelta::days(1) > now);
        let token = format!("Atza|{}", self.rng.token(240));
        let life = self.config.token_life_secs;
        self.access.insert(token.clone(), Access { seller, expires: now + TimeDelta::seconds(i64::from(life)) });
        let mut body = json!({ "access_token": token, "token_type": "bearer", "expires_in": life });
        if let (Some(refresh_token), Some(body)) = (refresh_token, body.as_object_mut()) {
            body.insert("refresh_token".to_owned(), Value::from(refresh_token));
        }
        Answer::new(200, body)
    }

    /// The code that the consent page hands back to the application.
    pub(crate) fn give_code(&mut self, seller: usize, redirect_uri: String) -> String {
        let code = self.rng.token(20);
        let expires = self.clock.now() + TimeDelta::seconds(CODE_LIFE_SECS);
        self.codes.insert(code.clone(), Code { seller, expires, redirect_uri });
        code
    }
}
