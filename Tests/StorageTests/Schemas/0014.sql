-- A database of 0.1.0 before the step 0015: that of 0011.sql, with two rows in the log of calls. Its master key is the same.
BEGIN TRANSACTION;
CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_by TEXT,
    expires_at TEXT,
    last_used_at TEXT,
    revoked_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
INSERT INTO "api_tokens" VALUES('51a3eba9-b9ba-48c3-9bfe-345c2cbe6005','d92d4bd4-41fc-4566-8ca9-97745352f3ee','backend','4c794c4b60007ed407e6c64b060b49bf6e2ee8e6711621641aa2402a7e63331a','[]','command line',NULL,NULL,NULL,'2026-11-28T13:55:19.599Z','2026-11-28T13:55:19.599Z');
CREATE TABLE audit_entries (
    seq BIGINT PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    environment_id TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO "audit_entries" VALUES(1,'2026-11-28T13:55:19.220Z','d92d4bd4-41fc-4566-8ca9-97745352f3ee','cli root','environment.created','d92d4bd4-41fc-4566-8ca9-97745352f3ee','{"name":"production"}','','3e8ded9d3310a64bbb912c5ab11d4f98fad8066e807ca0c3b3dcc1deea8b3509');
INSERT INTO "audit_entries" VALUES(2,'2026-11-28T13:55:19.599Z','d92d4bd4-41fc-4566-8ca9-97745352f3ee','cli root','api_token.created','51a3eba9-b9ba-48c3-9bfe-345c2cbe6005','{"name":"backend","scopes":[]}','3e8ded9d3310a64bbb912c5ab11d4f98fad8066e807ca0c3b3dcc1deea8b3509','34a914cf68ec0e98aa6a12ccb78659cb96ce7f17684ab8ea4a1c187dd628b3a4');
INSERT INTO "audit_entries" VALUES(3,'2026-11-28T13:55:45.691Z','d92d4bd4-41fc-4566-8ca9-97745352f3ee','cli root','environment_integration.installed','5761f5a5-1839-4717-b9c9-ed1ce5010ae2','{"integration":"lever"}','34a914cf68ec0e98aa6a12ccb78659cb96ce7f17684ab8ea4a1c187dd628b3a4','13c38bcf1ca98faa8b1e715211a7ca3091e6170fd1109660fcc1068126f037cc');
INSERT INTO "audit_entries" VALUES(4,'2026-11-28T13:55:45.697Z','d92d4bd4-41fc-4566-8ca9-97745352f3ee','cli root','integrated_account.created','7b5933c5-1986-4b4a-85ff-de8962b97597','{"after":"206d01873d5fafa90cb21748e1b53acdab23dd1e34ebca66e02f3a77f1033b53","tenant_id":"acme"}','13c38bcf1ca98faa8b1e715211a7ca3091e6170fd1109660fcc1068126f037cc','ebc00bbd556becd3ee456579ed4492fe0f29a2831fd575be09b96d705b0001ca');
CREATE TABLE audit_head (id BIGINT PRIMARY KEY NOT NULL, seq BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO "audit_head" VALUES(1,4,'ebc00bbd556becd3ee456579ed4492fe0f29a2831fd575be09b96d705b0001ca');
CREATE TABLE call_log (
    created_at TEXT NOT NULL,
    id TEXT NOT NULL,
    environment_id TEXT NOT NULL,
    log_type TEXT NOT NULL,
    request_id TEXT,
    trace_id TEXT,
    http_method TEXT NOT NULL,
    route TEXT,
    host TEXT,
    resource TEXT,
    method TEXT,
    integration TEXT,
    integrated_account_id TEXT,
    status BIGINT,
    code TEXT NOT NULL,
    duration_ms BIGINT NOT NULL,
    provider_ms BIGINT,
    bytes_in BIGINT NOT NULL,
    bytes_out BIGINT NOT NULL,
    retries BIGINT NOT NULL,
    PRIMARY KEY (created_at, id)
);
INSERT INTO "call_log" VALUES('2026-11-23T08:00:00.120Z','req_583a7ff558759d68ec1e7bd5','d92d4bd4-41fc-4566-8ca9-97745352f3ee','unified_proxy_api','req_583a7ff558759d68ec1e7bd5',NULL,'POST','/unified/{model}/{resource}',NULL,'ats/attachments','create','acme',NULL,200,'ok',31,25,20310,912,0);
INSERT INTO "call_log" VALUES('2026-11-23T08:00:00.118Z','req_583a7ff558759d68ec1e7bd5-1','d92d4bd4-41fc-4566-8ca9-97745352f3ee','provider','req_583a7ff558759d68ec1e7bd5',NULL,'POST',NULL,'api.example.com','ats/attachments','create','acme',NULL,502,'remote_error',25,NULL,410,20688,1);
CREATE TABLE call_turns (name TEXT PRIMARY KEY NOT NULL, moments TEXT NOT NULL, expires_at TEXT NOT NULL);
CREATE TABLE environment_integrations (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    integration TEXT NOT NULL,
    is_enabled BIGINT NOT NULL,
    show_in_catalog BIGINT NOT NULL,
    override TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (environment_id, integration)
);
INSERT INTO "environment_integrations" VALUES('5761f5a5-1839-4717-b9c9-ed1ce5010ae2','d92d4bd4-41fc-4566-8ca9-97745352f3ee','acme',1,1,'{}',1,'2026-11-28T13:55:45.691Z','2026-11-28T13:55:45.691Z');
CREATE TABLE environment_unified_models (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    override TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (environment_id, model)
);
CREATE TABLE environments (
    id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
INSERT INTO "environments" VALUES('d92d4bd4-41fc-4566-8ca9-97745352f3ee','f25dddff-d2dc-4136-b0ac-5fea8caa7ed5','production','2026-11-28T13:55:19.220Z','2026-11-28T13:55:19.220Z');
CREATE TABLE file_links (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    length BIGINT,
    most_fetches BIGINT,
    fetches BIGINT NOT NULL,
    is_whole BIGINT NOT NULL,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE file_pieces (
    link_id TEXT NOT NULL REFERENCES file_links (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    is_last BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (link_id, number)
);
CREATE TABLE idempotency (
    name TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    fingerprint TEXT,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE integrated_accounts (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    environment_integration_id TEXT NOT NULL REFERENCES environment_integrations (id),
    integration TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    authentication_method TEXT NOT NULL,
    status TEXT NOT NULL,
    is_sandbox BIGINT NOT NULL,
    is_blocked BIGINT NOT NULL,
    region TEXT,
    context TEXT NOT NULL,
    last_error TEXT,
    last_action_result TEXT,
    last_forbidden_error TEXT,
    unified_model_override TEXT NOT NULL,
    integration_override TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
INSERT INTO "integrated_accounts" VALUES('7b5933c5-1986-4b4a-85ff-de8962b97597','d92d4bd4-41fc-4566-8ca9-97745352f3ee','5761f5a5-1839-4717-b9c9-ed1ce5010ae2','acme','acme','api_key','active',0,0,NULL,'{"perform_as":"11111111-1111-4111-8111-111111111111"}',NULL,NULL,NULL,'{}','{}',1,'2026-11-28T13:55:45.697Z','2026-11-28T13:55:45.697Z');
CREATE TABLE leases (
    name TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE TABLE link_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    created_at TEXT NOT NULL
);
CREATE TABLE migrations (id TEXT PRIMARY KEY NOT NULL, taken_at TEXT NOT NULL);
INSERT INTO "migrations" VALUES('0001-environments','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0002-api-tokens','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0003-sealed-values','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0004-installations','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0005-integrated-accounts','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0006-leases','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0007-link-tokens','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0008-audit','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0009-webhooks','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0010-idempotency','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0011-call-turns','2026-11-28T13:55:18.957Z');
INSERT INTO "migrations" VALUES('0012-call-log','2026-11-29T23:04:31.218Z');
INSERT INTO "migrations" VALUES('0013-file-links','2026-11-29T23:04:31.218Z');
INSERT INTO "migrations" VALUES('0014-failed-exchanges','2026-11-29T23:04:31.218Z');
CREATE TABLE sealed_values (
    owner_id TEXT NOT NULL,
    field TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    key_id TEXT NOT NULL,
    envelope TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (owner_id, field)
);
INSERT INTO "sealed_values" VALUES('7b5933c5-1986-4b4a-85ff-de8962b97597','secrets','d92d4bd4-41fc-4566-8ca9-97745352f3ee','ke9c68c02b5b8','v1.ke9c68c02b5b8.tpK1CymgjcjDfXeRkOOIqVxoYHPvgUsKZTIq9lyo4_a6xf36qzgIizaDTFu0pyfLGJhjSxrKEQHieZ5neBxDJLM',1,'2026-11-28T13:55:45.697Z');
CREATE TABLE teams (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
INSERT INTO "teams" VALUES('f25dddff-d2dc-4136-b0ac-5fea8caa7ed5','production','2026-11-28T13:55:19.211Z','2026-11-28T13:55:19.211Z');
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    environment_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TEXT,
    last_status BIGINT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    target_url TEXT NOT NULL,
    event_types TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX environments_by_team ON environments (team_id, created_at, id);
CREATE INDEX api_tokens_by_environment ON api_tokens (environment_id, created_at, id);
CREATE INDEX sealed_values_by_key ON sealed_values (key_id, owner_id, field);
CREATE INDEX sealed_values_by_environment ON sealed_values (environment_id);
CREATE INDEX environment_integrations_by_time ON environment_integrations (environment_id, created_at, id);
CREATE INDEX environment_unified_models_by_time
    ON environment_unified_models (environment_id, created_at, id);
CREATE INDEX integrated_accounts_by_time ON integrated_accounts (environment_id, created_at, id);
CREATE INDEX integrated_accounts_by_tenant ON integrated_accounts (environment_id, tenant_id, created_at, id);
CREATE INDEX integrated_accounts_by_installation ON integrated_accounts (environment_integration_id);
CREATE INDEX link_tokens_by_end ON link_tokens (expires_at);
CREATE INDEX audit_entries_by_environment ON audit_entries (environment_id, seq);
CREATE INDEX webhooks_by_time ON webhooks (environment_id, created_at, id);
CREATE INDEX webhook_deliveries_by_turn ON webhook_deliveries (next_attempt_at);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (updated_at);
CREATE INDEX idempotency_by_age ON idempotency (expires_at);
CREATE INDEX call_turns_by_age ON call_turns (expires_at);
CREATE INDEX call_log_by_environment ON call_log (environment_id, created_at, id);
CREATE INDEX call_log_by_account ON call_log (integrated_account_id, created_at, id);
CREATE INDEX file_links_by_age ON file_links (expires_at);
CREATE INDEX file_links_by_environment ON file_links (environment_id);
CREATE INDEX sealed_exchanges_by_age ON sealed_values (updated_at) WHERE field = 'exchange';
COMMIT;
