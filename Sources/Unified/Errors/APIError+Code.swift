extension APIError {
    /// A stable name of a failure; each has a section in `docs/errors.md`.
    public struct Code: Sendable, Hashable {
        public let name: String
        /// The HTTP status it is answered with, unless the provider's status is passed on.
        public let status: Int

        private init(_ status: Int, _ name: String) {
            self.name = name
            self.status = status
        }
    }
}

extension APIError.Code {
    // The request.
    public static let missingQueryParameter = Self(400, "missing_query_parameter")
    public static let invalidQueryParameter = Self(400, "invalid_query_parameter")
    public static let invalidQuery = Self(400, "invalid_query")
    public static let missingBodyFields = Self(400, "missing_body_fields")
    public static let invalidBody = Self(400, "invalid_body")
    public static let unsupportedFilter = Self(400, "unsupported_filter")
    public static let unknownBodyField = Self(400, "unknown_body_field")
    public static let invalidMultipart = Self(400, "invalid_multipart")
    public static let invalidJSON = Self(400, "invalid_json")
    public static let missingFile = Self(400, "missing_file")
    public static let tooManyFiles = Self(400, "too_many_files")
    public static let invalidFile = Self(400, "invalid_file")
    public static let fileURLRefused = Self(400, "file_url_refused")
    public static let fileURLUnreachable = Self(502, "file_url_unreachable")
    public static let invalidDigest = Self(400, "invalid_digest")
    public static let digestMismatch = Self(400, "digest_mismatch")
    public static let fieldAfterFile = Self(400, "field_after_file")
    public static let invalidRemoteData = Self(400, "invalid_remote_data")
    public static let incompleteBody = Self(400, "incomplete_body")
    public static let bodyTooLarge = Self(413, "body_too_large")
    public static let fileTooLarge = Self(413, "file_too_large")
    public static let unsupportedMediaType = Self(415, "unsupported_media_type")
    public static let fileTypeNotAccepted = Self(415, "file_type_not_accepted")

    /// What came is not a request as HTTP/1.1 frames one.
    public static let malformedRequest = Self(400, "malformed_request")
    public static let headersTooLarge = Self(431, "headers_too_large")
    /// A transfer coding that the gateway does not decode (RFC 9112 §6.1).
    public static let notImplemented = Self(501, "not_implemented")
    /// The request moved slower than the minimum pace, or its head took too long.
    public static let tooSlow = Self(408, "too_slow")

    // The caller.
    public static let unauthorized = Self(401, "unauthorized")
    public static let forbidden = Self(403, "forbidden")
    public static let rateLimited = Self(429, "rate_limited")

    // What was asked for.
    public static let notFound = Self(404, "not_found")
    public static let accountNotFound = Self(404, "account_not_found")
    public static let methodNotSupported = Self(404, "method_not_supported")
    public static let methodNotAllowed = Self(405, "method_not_allowed")
    public static let staleVersion = Self(409, "stale_version")
    public static let duplicateCandidate = Self(409, "duplicate_candidate")
    public static let conflict = Self(409, "conflict")
    public static let credentialsNotRefreshable = Self(409, "credentials_not_refreshable")
    public static let idempotencyKeyInUse = Self(409, "idempotency_key_in_use")
    public static let accountIncomplete = Self(422, "account_incomplete")
    public static let idempotencyKeyReused = Self(422, "idempotency_key_reused")
    public static let invalidIdempotencyKey = Self(400, "invalid_idempotency_key")

    // The provider.
    /// Answered with the provider's own status; 502 stands for a refusal that had none.
    public static let remoteError = Self(502, "remote_error")
    public static let providerUnreachable = Self(502, "provider_unreachable")
    public static let badProviderResponse = Self(502, "bad_provider_response")
    /// No connection to the provider became free in time. Nothing was carried out.
    public static let providerBusy = Self(503, "provider_busy")
    public static let providerTimeout = Self(504, "provider_timeout")
    public static let outcomeUnknown = Self(500, "outcome_unknown")
    public static let credentialsRefreshFailed = Self(502, "credentials_refresh_failed")
    public static let egressRefused = Self(400, "egress_refused")

    // The gateway.
    public static let mappingFailed = Self(500, "mapping_failed")
    /// The expressions of one call need more time or memory than they may have together.
    public static let mappingTooExpensive = Self(422, "mapping_too_expensive")
    public static let internalError = Self(500, "internal_error")
    public static let accountBlocked = Self(503, "account_blocked")
    /// The provider fetches files, and nobody told the gateway its own address. Asking again changes nothing.
    public static let publicURLMissing = Self(501, "public_url_missing")
    public static let storageUnavailable = Self(503, "storage_unavailable")
    public static let draining = Self(503, "draining")
    public static let overloaded = Self(503, "overloaded")

    /// Every code, in the order of `docs/errors.md`.
    public static let all: [Self] = [
        .missingQueryParameter, .invalidQueryParameter, .invalidQuery, .missingBodyFields, .invalidBody, .unsupportedFilter,
        .unknownBodyField,
        .invalidMultipart, .invalidJSON, .missingFile, .tooManyFiles, .invalidFile, .fieldAfterFile,
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
