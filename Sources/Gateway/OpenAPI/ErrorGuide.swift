import Unified

/// What each error code means and what to do about it; `/docs/errors` shows it, `docs/errors.md` tells more.
enum ErrorGuide {
    struct Entry: Sendable {
        var meaning: String
        var remedy: String

        init(_ meaning: String, _ remedy: String) {
            self.meaning = meaning
            self.remedy = remedy
        }
    }

    /// Keyed by the code's name; a test holds it against `APIError.Code.all`.
    static let entries: [String: Entry] = request.merging(access) { a, _ in a }.merging(provider) { a, _ in a }

    private static let request: [String: Entry] = [
        "missing_query_parameter": Entry(
            "A query parameter that the call needs is missing.", "Send the parameter that `param` names."),
        "invalid_query_parameter": Entry(
            "A query parameter has a value that it cannot have.", "Correct the parameter that `param` names."),
        "unsupported_filter": Entry(
            "The provider cannot filter its list by this parameter, and its records do not hold what to filter by.",
            "Leave the parameter out, or use one of those that `hint` names."),
        "invalid_query": Entry(
            "The query string cannot be read: nested too deep, or too many parameters.",
            "Nest at most 20 levels, and send at most 1,000 parameters."),
        "missing_body_fields": Entry(
            "Fields that the call needs are missing from the body.", "Send the fields that the insight lists."),
        "invalid_body": Entry(
            "The body, or a member of it, is of the wrong kind.", "Correct what the message names."),
        "unknown_body_field": Entry(
            "A field of the body is written a little differently from one that the call knows.",
            "Write it as `hint` says. Nothing was stored."),
        "invalid_multipart": Entry(
            "The form breaks the rules of `multipart/form-data`, or a limit on parts and headers.",
            "Let a library build the form, and do not set its content type by hand."),
        "invalid_json": Entry(
            "The body is not JSON, or nests deeper or has more members than allowed.", "Send one JSON document in UTF-8."),
        "missing_file": Entry(
            "The call stores a file, and none was sent.", "Send the part or the member `file`."),
        "too_many_files": Entry("More than one file was sent.", "Make one call per file."),
        "invalid_file": Entry(
            "`file` is a text that is no file: neither base64 nor a `data:` URI, or what a client writes that has no bytes.",
            "Encode the file, or send a form."),
        "file_not_taken": Entry(
            "The call takes no files, and one was sent.", "Send it to attachments, or with an application."),
        "field_after_file": Entry(
            "A field that the call needs came after a file too long to wait for.",
            "Move the part that `param` names before `file`. Nothing was stored."),
        "invalid_remote_data": Entry(
            "`remote_data` is not an object.", "Send a JSON object, or parts named `remote_data[name]`."),
        "incomplete_body": Entry("The body ended before it was whole.", "Send it again. Nothing was stored."),
        "public_url_missing": Entry(
            "The provider fetches files by itself, and the gateway does not know its own public address.",
            "Have the operator set `public_url`. Nothing was sent."),
        "invalid_digest": Entry(
            "A digest field cannot be read, or names no algorithm that is known.",
            "Send sha-256 or sha-512 as RFC 9530 writes them."),
        "digest_mismatch": Entry(
            "What arrived is not what the digest says; the provider has not kept it.", "Send the file again."),
        "file_url_unreachable": Entry(
            "The address of the file could not be fetched.", "Check the address, or send the file itself."),
        "file_url_refused": Entry(
            "The address of the file was answered with something that is no file.",
            "Check that the address gives the file without signing in."),
        "egress_refused": Entry(
            "The address that was to be called is not one that the gateway may call.",
            "Use a public https address, or have the operator allow this one."),
        "malformed_request": Entry(
            "What came is not a request as HTTP/1.1 frames one: its request line, `Host` or a header field.",
            "Correct what the message names; an HTTP library does so by itself."),
        "headers_too_large": Entry(
            "The request line or the header fields are longer than the gateway reads.",
            "Send long values in the body."),
        "not_implemented": Entry(
            "The body comes in a transfer coding that the gateway does not decode.",
            "Send it as it is, with `Content-Length` or `Transfer-Encoding: chunked`."),
        "too_slow": Entry(
            "The request moved slower than the gateway waits for; the provider has not stored it.",
            "Send it again over a better connection."),
        "body_too_large": Entry("The body is over the gateway's limit.", "Send less; the message states the limit."),
        "file_too_large": Entry(
            "The file is over the limit of the provider or of the gateway.",
            "Send a smaller file; the message states the limit. Nothing was stored."),
        "unsupported_media_type": Entry(
            "The body's content type is not one that the call takes.", "Send a form, JSON, or the file itself."),
        "file_type_not_accepted": Entry(
            "The provider takes no files of this type.", "Convert the file; the message lists what is taken."),
    ]

    private static let access: [String: Entry] = [
        "unauthorized": Entry(
            "The token is missing, unknown, expired or revoked; which of them is not told.",
            "Send `Authorization: Bearer` with a valid token; `attache token create` makes one."),
        "forbidden": Entry(
            "The token's scopes do not allow the call, or it stands for one account alone and the call is not that account's.",
            "Use a token with the scope, or an API token."),
        "rate_limited": Entry("Too many calls.", "Wait for as many seconds as `Retry-After` says."),
        "not_found": Entry(
            "There is nothing at this path, or no such record in this environment.", "Check the path and the id."),
        "account_not_found": Entry(
            "There is no such integrated account in the token's environment.",
            "Check `integrated_account_id`, and that the token is of the same environment."),
        "method_not_supported": Entry(
            "The account's integration does not offer this method.",
            "The message names those that it offers; so does `GET /integrated-account/{id}/capabilities`."),
        "method_not_allowed": Entry("The path has other HTTP methods.", "Use one of those in `Allow`."),
        "duplicate_candidate": Entry(
            "There is a candidate with this e-mail address, and the call was to fail where there is one.",
            "Send `candidate_id`, or `on_duplicate_candidate=reuse`. Nothing was made."),
        "stale_version": Entry(
            "The record was changed since it was read.", "Read it again and repeat the change with its `version`."),
        "account_incomplete": Entry(
            "The account lacks a setting that the call needs.", "Have it connected again, with all its fields."),
        "credentials_not_refreshable": Entry(
            "The account has no credentials that can be refreshed.",
            "Replace them, or let the customer connect again."),
        "idempotency_key_in_use": Entry(
            "The first call with this `Idempotency-Key` has not ended.", "Wait for `Retry-After` and ask again."),
        "idempotency_key_reused": Entry(
            "The `Idempotency-Key` was used for another call: other parameters or another body.",
            "Use a new key for each new call."),
        "invalid_idempotency_key": Entry(
            "The `Idempotency-Key` is empty, too long, or not printable ASCII.", "Send 1 to 255 characters, such as a UUID."),
        "conflict": Entry(
            "There is one like it already, or something else still needs what was to go.",
            "Use the one that is there, or remove what needs it first."),
        "storage_unavailable": Entry("The gateway's database does not answer.", "Repeat the call after a while."),
        "account_blocked": Entry(
            "The operator has blocked the account or disabled its integration.", "Ask the operator."),
        "draining": Entry("The gateway is going down.", "Call again after `Retry-After` seconds."),
        "overloaded": Entry("The gateway has too many calls under way.", "Call again after `Retry-After` seconds."),
    ]

    private static let provider: [String: Entry] = [
        "remote_error": Entry(
            "The provider refused the call; its status is the response's, its body is `raw_response`.",
            "Act on what the provider says."),
        "provider_unreachable": Entry(
            "No connection to the provider could be made; nothing was sent.", "Repeat the call."),
        "provider_busy": Entry(
            "All connections to the provider that this account or environment may hold are in use; nothing was stored.",
            "Call again after `Retry-After` seconds, with fewer calls at once."),
        "credentials_refresh_failed": Entry(
            "The provider's token endpoint gave no new credentials this time.",
            "Read the message and the account's `last_error`; try again later."),
        "bad_provider_response": Entry(
            "The provider answered something that cannot be read.", "Look at `raw_response`; ask the provider."),
        "provider_timeout": Entry(
            "The provider did not answer in time, and the whole request had not been sent.", "Repeat the call."),
        "outcome_unknown": Entry(
            "The whole file was sent, and no response came: it may or may not be stored.",
            "List the attachments before you send the file again."),
        "mapping_failed": Entry(
            "The definition of the integration failed on this call.", "Report the `request_id` to the operator."),
        "mapping_too_expensive": Entry(
            "The mappings of the call need more time or memory than one call may use; nothing more was sent.",
            "Simplify the expression that the message names, or ask for fewer records at once."),
        "internal_error": Entry("The gateway failed.", "Report the `request_id` to the operator."),
    ]
}
