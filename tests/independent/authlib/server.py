"""An OpenID provider of another make: Authlib on Flask, in Python, with open registration and memory for storage.

It knows nothing of this project. Prints its address as one line of JSON when it listens; ends with its parent.
What the library leaves to an application is written as its documentation asks, at the strictest.
"""
import json
import os
import secrets
import sys
import threading
import time
from html import escape
from types import SimpleNamespace
from urllib.parse import urlencode

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import authlib  # noqa: E402
from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector  # noqa: E402
from authlib.jose import JsonWebKey  # noqa: E402
from authlib.oauth2 import OAuth2Error  # noqa: E402
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants, list_to_scope, scope_to_list  # noqa: E402
from authlib.oauth2.rfc6749.errors import InvalidRequestError, InvalidScopeError  # noqa: E402
from authlib.oauth2.rfc6750 import BearerTokenValidator  # noqa: E402
from authlib.oauth2.rfc7009 import RevocationEndpoint  # noqa: E402
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint  # noqa: E402
from authlib.oauth2.rfc7592 import ClientConfigurationEndpoint  # noqa: E402
from authlib.oauth2.rfc7636 import CodeChallenge  # noqa: E402
from authlib.oauth2.rfc7662 import IntrospectionEndpoint  # noqa: E402
from authlib.oidc.core import UserInfo  # noqa: E402
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError  # noqa: E402
from authlib.oidc.core.grants import OpenIDCode  # noqa: E402
from flask import Flask, Response, jsonify, redirect, request, session  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

SCOPES = ["openid", "profile", "email"]
CODE_SECONDS = 300
TOKEN_SECONDS = 3600
PEOPLE = {"erin": "correct horse erin", "frank": "correct horse frank"}

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
app.config.update(
    SESSION_COOKIE_SAMESITE="Lax",
    OAUTH2_REFRESH_TOKEN_GENERATOR=True,
    OAUTH2_TOKEN_EXPIRES_IN={"authorization_code": TOKEN_SECONDS, "refresh_token": TOKEN_SECONDS},
    OAUTH2_SCOPES_SUPPORTED=SCOPES,
)
KEY = JsonWebKey.generate_key("RSA", 2048, {"kid": "authlib", "use": "sig", "alg": "RS256"}, is_private=True)
CLIENTS, CODES, TOKENS, CONSENTS = {}, {}, [], {}
STORE = threading.RLock()
ISSUER = ""


def metadata():
    return {
        "issuer": ISSUER,
        "authorization_endpoint": ISSUER + "/authorize",
        "token_endpoint": ISSUER + "/token",
        "jwks_uri": ISSUER + "/jwks",
        "registration_endpoint": ISSUER + "/register",
        "revocation_endpoint": ISSUER + "/revoke",
        "introspection_endpoint": ISSUER + "/introspect",
        "userinfo_endpoint": ISSUER + "/userinfo",
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "name", "email", "email_verified"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


# The library fails on a registration without them (RFC 7591 section 2 makes them optional).
DEFAULTS = {
    "grant_types": ["authorization_code"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "client_secret_basic",
    "scope": list_to_scope(SCOPES),
}


def fields(asked):
    """The parameters of a request: its payload, which versions before 1.4 of the library don't have."""
    payload = getattr(asked, "payload", None)
    return asked.data if payload is None else payload.data


def take_fields(asked, data):
    if getattr(asked, "payload", None) is None:
        asked.data = data
    else:
        asked.payload = SimpleNamespace(data=data)


class WithDefaults:
    def extract_client_metadata(self, request):
        sent = fields(request)
        if not isinstance(sent, dict):
            raise InvalidRequestError("The body is not a JSON object.")
        take_fields(request, {**DEFAULTS, **sent})
        return super().extract_client_metadata(request)


class Client(ClientMixin):
    def __init__(self, info, data):
        self.client_info = info
        self.registration_token = secrets.token_urlsafe(32)
        self.take(data)

    def take(self, data):
        self.client_metadata = dict(data)

    @property
    def method(self):
        return self.client_metadata["token_endpoint_auth_method"]

    def get_client_id(self):
        return self.client_info["client_id"]

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        declared = scope_to_list(self.client_metadata["scope"])
        return list_to_scope([one for one in scope_to_list(scope) or [] if one in declared])

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri in self.client_metadata.get("redirect_uris", [])

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(self.client_info["client_secret"].encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method, endpoint):
        return self.method == method

    def check_response_type(self, response_type):
        return response_type in self.client_metadata["response_types"]

    def check_grant_type(self, grant_type):
        return grant_type in self.client_metadata["grant_types"]


class Code:
    def __init__(self, value, asked):
        data = fields(asked)
        self.value = value
        self.client_id = asked.client.get_client_id()
        self.user = asked.user
        self.redirect_uri = asked.redirect_uri
        self.scope = asked.client.get_allowed_scope(asked.scope)
        self.nonce = data.get("nonce")
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")
        self.auth_time = session["auth_time"]
        self.made = time.time()
        self.used = False

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    # Later versions of the library ask for these, too.
    def get_acr(self):
        return None

    def get_amr(self):
        return None


class Token(TokenMixin):
    def __init__(self, data, asked, family):
        self.access_token = data["access_token"]
        self.refresh_token = data.get("refresh_token")
        self.scope = data.get("scope", "")
        self.expires_in = data["expires_in"]
        self.client_id = asked.client.get_client_id()
        self.user = asked.user
        self.family = family
        self.made = int(time.time())
        self.access_revoked = self.refresh_used = False

    def check_client(self, client):
        return self.client_id == client.get_client_id()

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return self.expires_in

    def is_expired(self):
        return time.time() >= self.made + self.expires_in

    def is_revoked(self):
        return self.access_revoked


def end_family(family):
    with STORE:
        for token in TOKENS:
            if token.family == family:
                token.access_revoked = token.refresh_used = True


def save_token(token, asked):
    # Later versions of the library name a code and a refresh token apart.
    credential = asked.credential or asked.authorization_code or asked.refresh_token
    family = credential.value if isinstance(credential, Code) else credential.family
    with STORE:
        TOKENS.append(Token(token, asked, family))


server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=save_token)


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def save_authorization_code(self, code, request):
        with STORE:
            CODES[code] = Code(code, request)

    def query_authorization_code(self, code, client):
        with STORE:
            found = CODES.get(code)
            if found is None or found.client_id != client.get_client_id():
                return None
            if found.used:
                end_family(code)
                return None
            return found if time.time() < found.made + CODE_SECONDS else None

    def delete_authorization_code(self, authorization_code):
        authorization_code.used = True

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        found = next((one for one in TOKENS if one.refresh_token == refresh_token), None)
        if found is not None and found.refresh_used:
            end_family(found.family)
            return None
        return found

    def authenticate_user(self, credential):
        return credential.user

    def revoke_old_credential(self, credential):
        credential.refresh_used = True


class Challenge(CodeChallenge):
    DEFAULT_CODE_CHALLENGE_METHOD = "plain"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]


class Scopes:
    """Scopes beyond the declared ones are an error, which the library leaves to the application."""

    def __call__(self, grant):
        grant.register_hook("after_validate_authorization_request", self.check)

    def check(self, grant):
        asked = grant.request
        if asked.scope and asked.client.get_allowed_scope(asked.scope) != asked.scope:
            raise InvalidScopeError(state=asked.state)


class IdToken(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return False

    def get_jwt_config(self, grant):
        return {"key": KEY, "alg": "RS256", "iss": ISSUER, "exp": TOKEN_SECONDS}

    def get_audiences(self, request):
        return request.client.get_client_id()

    def generate_user_info(self, user, scope):
        return claims(user, scope)


def claims(user, scope):
    found = UserInfo(sub=user)
    if "profile" in scope_to_list(scope):
        found["name"] = user.capitalize()
    if "email" in scope_to_list(scope):
        found.update(email=f"{user}@example.com", email_verified=True)
    return found


def query_token(value, _hint):
    return next((one for one in TOKENS if value in (one.access_token, one.refresh_token)), None)


class Revoke(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def query_token(self, token_string, token_type_hint):
        return query_token(token_string, token_type_hint)

    def revoke_token(self, token, request):
        if request.form["token"] == token.refresh_token:
            end_family(token.family)
        else:
            token.access_revoked = True


class Introspect(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def query_token(self, token_string, token_type_hint):
        found = query_token(token_string, token_type_hint)
        if found is not None and found.refresh_token == token_string and found.refresh_used:
            return None
        return found

    def check_permission(self, token, client, request):
        return token.check_client(client)

    def introspect_token(self, token):
        return {
            "active": True,
            "client_id": token.client_id,
            "token_type": "Bearer",
            "scope": token.scope,
            "sub": token.user,
            "aud": token.client_id,
            "iss": ISSUER,
            "exp": token.made + token.expires_in,
            "iat": token.made,
        }


class Register(WithDefaults, ClientRegistrationEndpoint):
    def authenticate_token(self, request):
        return "anybody"

    def get_server_metadata(self):
        return metadata()

    def save_client(self, client_info, client_metadata, request):
        client = Client(client_info, client_metadata)
        CLIENTS[client.get_client_id()] = client
        return client

    def generate_client_registration_info(self, client, request):
        return management(client)


def management(client):
    return {
        **client.client_metadata,
        "registration_client_uri": f"{ISSUER}/register/{client.get_client_id()}",
        "registration_access_token": client.registration_token,
    }


class RegistrationToken(str):
    """What a client sent to manage its record. Later versions of the library ask it whose it is."""

    def check_client(self, client):
        return secrets.compare_digest(client.registration_token.encode(), self.encode())


class Manage(WithDefaults, ClientConfigurationEndpoint):
    def get_server_metadata(self):
        return metadata()

    def authenticate_token(self, request):
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        return RegistrationToken(value) if kind.lower() == "bearer" else None

    def authenticate_client(self, request):
        client = CLIENTS.get(request.uri.split("?")[0].rsplit("/", 1)[-1])
        opens = client is not None and request.credential.check_client(client)
        return client if opens else None

    def revoke_access_token(self, request, token):
        pass

    def check_permission(self, client, request):
        return True

    def generate_client_registration_info(self, client, request):
        return management(client)

    def delete_client(self, client, request):
        CLIENTS.pop(client.get_client_id(), None)
        for token in TOKENS:
            if token.check_client(client):
                token.access_revoked = token.refresh_used = True

    def update_client(self, client, client_metadata, request):
        client.take(client_metadata)
        return client


server.register_grant(CodeGrant, [Challenge(required=True), Scopes(), IdToken()])
server.register_grant(RefreshGrant)
for endpoint in (Revoke, Introspect, Register, Manage):
    server.register_endpoint(endpoint)


class Bearer(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return next((one for one in TOKENS if one.access_token == token_string), None)


protector = ResourceProtector()
protector.register_token_validator(Bearer())


@app.after_request
def no_sniffing(response):
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@app.get("/.well-known/openid-configuration")
def document():
    return jsonify(metadata())


@app.get("/jwks")
def keys():
    return jsonify({"keys": [KEY.as_dict(is_private=False)]})


@app.post("/token")
def token():
    # The library looks whether a code is used, and marks it later: so one request after the other.
    with STORE:
        return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.post("/introspect")
def introspect():
    return server.create_endpoint_response("introspection")


@app.post("/register")
def register():
    return server.create_endpoint_response("client_registration")


@app.route("/register/<_client_id>", methods=["GET", "PUT", "DELETE"])
def manage(_client_id):
    return server.create_endpoint_response("client_configuration")


@app.route("/userinfo", methods=["GET", "POST"])
def userinfo():
    with protector.acquire(["openid"]) as found:
        return jsonify(claims(found.user, found.scope))


def page(title, body, status=200):
    html = (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return Response(
        html,
        status=status,
        content_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        },
    )


def form(step, body):
    token = session.setdefault("form_token", secrets.token_urlsafe(24))
    return (
        f'<form method="post"><input type="hidden" name="step" value="{step}">'
        f'<input type="hidden" name="form_token" value="{token}">{body}</form>'
    )


def login_page(problem=""):
    alert = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    return page(
        "Who are you?",
        alert
        + form(
            "login",
            '<p><label for="u">User name</label> <input id="u" name="user" autocomplete="username"></p>'
            '<p><label for="p">Password</label> <input id="p" name="pass" type="password"></p>'
            '<p><input type="submit" value="Log in"></p>',
        ),
        403 if problem else 200,
    )


def consent_page(grant):
    client = grant.client.client_metadata.get("client_name") or grant.client.get_client_id()
    items = "".join(f"<li>{escape(one)}</li>" for one in scope_to_list(grant.request.scope) or [])
    return page(
        "May it?",
        f"<p><strong>{escape(client)}</strong> would like:</p><ul>{items}</ul>"
        + form(
            "consent",
            '<p><button name="answer" value="yes">Yes, allow</button> '
            '<button name="answer" value="no">No, thanks</button></p>',
        ),
    )


def wants_login(sent):
    prompts = (sent.get("prompt") or "").split()
    if session.get("user") is None:
        return True
    fresh = session.get("fresh_for") == request.query_string.decode()
    if fresh:
        return False
    age = sent.get("max_age", "")
    return "login" in prompts or (age.isdigit() and time.time() - session["auth_time"] > int(age))


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    step = request.form.get("step") if request.method == "POST" else None
    if request.method == "POST" and step is None:
        return redirect("/authorize?" + urlencode(list(request.form.items(multi=True))), 303)
    sent = request.args
    prompts = (sent.get("prompt") or "").split()
    user = session.get("user")
    try:
        grant = server.get_consent_grant(end_user=user)
        if request.args.get("request") or request.args.get("request_uri"):
            kind = "request" if request.args.get("request") else "request_uri"
            refused = OAuth2Error(state=sent.get("state"), redirect_uri=sent.get("redirect_uri"))
            refused.error = kind + "_not_supported"
            raise refused
        if prompts == ["none"] and wants_login(sent):
            raise LoginRequiredError(redirect_uri=grant.redirect_uri, state=sent.get("state"))
    except OAuth2Error as error:
        return refusal(error)
    if step is not None:
        known = session.get("form_token")
        if known is None or not secrets.compare_digest(known, request.form.get("form_token", "")):
            return page("This form is out of date", "<p>Go back to the application.</p>", 400)
    if step == "login":
        name, word = request.form.get("user", ""), request.form.get("pass", "")
        if not secrets.compare_digest(PEOPLE.get(name, secrets.token_hex()).encode(), word.encode()):
            return login_page("That did not match.")
        session.clear()
        session.update(user=name, auth_time=int(time.time()), fresh_for=request.query_string.decode())
        return redirect(request.full_path, 303)
    if wants_login(sent):
        return login_page()
    asked = set(scope_to_list(grant.request.scope) or [])
    allowed = CONSENTS.get((user, grant.client.get_client_id()), set())
    if step == "consent":
        if request.form.get("answer") != "yes":
            session.pop("fresh_for", None)
            return server.create_authorization_response(grant_user=None)
        CONSENTS[(user, grant.client.get_client_id())] = allowed | asked
    elif "consent" in prompts or not asked <= allowed:
        if prompts == ["none"]:
            return refusal(ConsentRequiredError(redirect_uri=grant.redirect_uri, state=sent.get("state")))
        return consent_page(grant)
    session.pop("fresh_for", None)
    return server.create_authorization_response(grant_user=user)


def refusal(error):
    """An error goes to the client where the library found its redirect URI to be right, else the person sees it."""
    error.state = request.args.get("state")
    if getattr(error, "redirect_uri", None):
        status, body, headers = error(uri=None)
        location = dict(headers).get("Location")
        if location:
            return redirect(location, 303)
    return page("This request is wrong", f"<p>{escape(error.error or '')}: {escape(error.get_error_description() or '')}</p>", 400)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_args):
        pass


listening = make_server("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, app, threaded=True, request_handler=Quiet)
ISSUER = f"http://localhost:{listening.server_port}"
print(json.dumps({"issuer": ISSUER, "authlib": authlib.__version__}), flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
listening.serve_forever()
