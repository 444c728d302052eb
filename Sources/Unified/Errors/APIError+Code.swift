extension APIError {
    /// A stable name of a failure; each has a section in `docs/errors.md`.
    package struct Code: Sendable, Hashable {
        package let name: String
        /// The HTTP status it is answered with, unless the provider's status is passed on.
        package let status: Int

        private init(_ status: Int, _ name: String) {
            self.name = name
            self.status = status
        }
    }
}

extension APIError.Code {
    // The request.
    package static let missingQueryParameter = Self(400, "missing_query_parameter")
    package static let invalidQueryParameter = Self(400, "invalid_query_parameter")
    package static let invalidQuery = Self(400, "invalid_query")
    package static let missingBodyFields = Self(400, "missing_body_fields")
    package static let invalidBody = Self(400, "invalid_body")
    package static let unsupportedFilter = Self(400, "unsupported_filter")
    package static let unknownBodyField = Self(400, "unknown_body_field")
    package static let invalidMultipart = Self(400, "invalid_multipart")
    package static let invalidJSON = Self(400, "invalid_json")
    package static let missingFile = Self(400, "missing_file")
    package static let tooManyFiles = Self(400, "too_many_files")
    package static let invalidFile = Self(400, "invalid_file")
    package static let fileNotTaken = Self(400, "file_not_taken")
    package static let fileURLRefused = Self(400, "file_url_refused")
    package static let fileURLUnreachable = Self(502, "file_url_unreachable")
    package static let invalidDigest = Self(400, "invalid_digest")
    package static let digestMismatch = Self(400, "digest_mismatch")
    package static let fieldAfterFile = Self(400, "field_after_file")
    package static let invalidRemoteData = Self(400, "invalid_remote_data")
    package static let incompleteBody = Self(400, "incomplete_body")
    package static let bodyTooLarge = Self(413, "body_too_large")
    package static let fileTooLarge = Self(413, "file_too_large")
    package static let unsupportedMediaType = Self(415, "unsupported_media_type")
    package static let fileTypeNotAccepted = Self(415, "file_type_not_accepted")

    /// What came is not a request as HTTP/1.1 frames one.
    package static let malformedRequest = Self(400, "malformed_request")
    package static let headersTooLarge = Self(431, "headers_too_large")
    /// A transfer coding that the gateway does not decode (RFC 9112 §6.1).
    package static let notImplemented = Self(501, "not_implemented")
    /// The request moved slower than the minimum pace, or its head took too long.
    package static let tooSlow = Self(408, "too_slow")

    // The caller.
    package static let unauthorized = Self(401, "unauthorized")
    package static let forbidden = Self(403, "forbidden")
    package static let rateLimited = Self(429, "rate_limited")

    // What was asked for.
    package static let notFound = Self(404, "not_found")
    package static let accountNotFound = Self(404, "account_not_found")
    package static let methodNotSupported = Self(404, "method_not_supported")
    package static let methodNotAllowed = Self(405, "method_not_allowed")
    package static let staleVersion = Self(409, "stale_version")
    package static let duplicateCandidate = Self(409, "duplicate_candidate")
    package static let conflict = Self(409, "conflict")
    package static let credentialsNotRefreshable = Self(409, "credentials_not_refreshable")
    package static let idempotencyKeyInUse = Self(409, "idempotency_key_in_use")
    package static let accountIncomplete = Self(422, "account_incomplete")
    package static let idempotencyKeyReused = Self(422, "idempotency_key_reused")
    package static let invalidIdempotencyKey = Self(400, "invalid_idempotency_key")

    // The provider.
    /// Answered with the provider's own status; 502 stands for a refusal that had none.
    package static let remoteError = Self(502, "remote_error")
    package static let providerUnreachable = Self(502, "provider_unreachable")
    package static let badProviderResponse = Self(502, "bad_provider_response")
    /// No connection to the provider became free in time. Nothing was carried out.
    package static let providerBusy = Self(503, "provider_busy")
    package static let providerTimeout = Self(504, "provider_timeout")
    package static let outcomeUnknown = Self(500, "outcome_unknown")
    package static let credentialsRefreshFailed = Self(502, "credentials_refresh_failed")
    package static let egressRefused = Self(400, "egress_refused")

    // The gateway.
    package static let mappingFailed = Self(500, "mapping_failed")
    /// The expressions of one call need more time or memory than they may have together.
    package static let mappingTooExpensive = Self(422, "mapping_too_expensive")
    package static let internalError = Self(500, "internal_error")
    package static let accountBlocked = Self(503, "account_blocked")
    /// The provider fetches files, and nobody told the gateway its own address. Asking again changes nothing.
    package static let publicURLMissing = Self(501, "public_url_missing")
    package static let storageUnavailable = Self(503, "storage_unavailable")
    package static let draining = Self(503, "draining")
    package static let overloaded = Self(503, "overloaded")

    /// Every code, in the order of `docs/errors.md`.
    package static let all: [Self] = [
        .missingQueryParameter, .invalidQueryParameter, .invalidQuery, .missingBodyFields, .invalidBody, .unsupportedFilter,
        .unknownBodyField,
        .invalidMultipart, .invalidJSON, .missingFile, .tooManyFiles, .invalidFile, .fileNotTaken, .fieldAfterFile,
        .invalidRemoteData, .incompleteBody, .fileURLRefused, .invalidDigest, .digestMismatch,
        .malformedRequest, .headersTooLarge, .notImplemented, .tooSlow, .egressRefused, .unauthorized, .forbidden, .notFound,
        .accountNotFound, .methodNotSupported, .methodNotAllowed, .staleVersion, .duplicateCandidate, .conflict,
        .accountIncomplete, .credentialsNotRefreshable, .idempotencyKeyInUse, .idempotencyKeyReused, .invalidIdempotencyKey,
        .bodyTooLarge, .fileTooLarge,
        .unsupportedMediaType, .fileTypeNotAccepted, .rateLimited, .outcomeUnknown, .mappingFailed, .mappingTooExpensive, .internalError,
        .publicURLMissing,
        .remoteError, .providerUnreachable, .providerBusy, .badProviderResponse, .credentialsRefreshFailed, .fileURLUnreachable,
        .accountBlocked,
        .storageUnavailable, .draining, .overloaded, .providerTimeout,
    ]
}
