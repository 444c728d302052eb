import HTTPTypes
import JSON
import Testing

@testable import Unified

/// The codes of failures, which programs read.
struct `The codes of failures` {
    @Test func `are each in the list once, in small letters, with a status of an error`() {
        let all = APIError.Code.all
        #expect(Set(all.map(\.name)).count == all.count)
        for code in all {
            #expect(code.name.allSatisfy { $0.isLowercase || $0 == "_" }, "\(code.name)")
            #expect((400..<600).contains(code.status), "\(code.name)")
        }
    }

    /// What a client does next depends on the class of the status (docs/wire.md#errors): these must not move between them.
    @Test(
        arguments: [
            (.incompleteBody, 400), (.fieldAfterFile, 400), (.egressRefused, 400), (.unauthorized, 401), (.forbidden, 403),
            (.accountNotFound, 404), (.methodNotSupported, 404), (.tooSlow, 408), (.duplicateCandidate, 409), (.bodyTooLarge, 413),
            (.fileTooLarge, 413), (.unsupportedMediaType, 415), (.fileTypeNotAccepted, 415), (.accountIncomplete, 422),
            (.mappingTooExpensive, 422), (.rateLimited, 429), (.outcomeUnknown, 500), (.internalError, 500),
            (.publicURLMissing, 501), (.remoteError, 502), (.providerUnreachable, 502), (.badProviderResponse, 502),
            (.fileURLUnreachable, 502), (.providerBusy, 503), (.overloaded, 503), (.accountBlocked, 503), (.draining, 503),
            (.providerTimeout, 504),
        ] as [(APIError.Code, Int)])
    func `keep their statuses`(code: APIError.Code, status: Int) {
        #expect(code.status == status)
        #expect(APIError(code, "m").status == status)
    }

    @Test func `are told with what was at fault and what to do`() {
        let error = APIError(.invalidBody, "m", param: "p", hint: "h").insight("a", "d").insight("b", "e", [1]).header("x-a", "1")
        #expect(error.message == "m" && error.param == "p" && error.hint == "h")
        #expect(error.insight == ["a": ["description": "d"], "b": ["description": "e", "value": [1]]])
        #expect(error.headerFields.map(\.value) == ["1"])
        #expect(error.remote == nil && error.members.isEmpty)
    }

    @Test func `say when to come again where the gateway has no room`() {
        #expect(APIError.overloaded.headerFields == [.retryAfter: "1"])
        let limited = APIError.rateLimited("m", limit: 10, reset: 3)
        #expect(limited.headerFields[.retryAfter] == "3" && limited.hint?.contains("Retry-After") == true)
        #expect(limited.insight["rate_limit_error"] != nil)
    }

    @Test func `name the file where it is missing, misplaced or late`() {
        #expect(APIError.missingFile.insight["missing_required_body_fields"]?["value"] == ["file"])
        let misplaced = APIError.misplacedFile("cv")
        #expect(misplaced.code == .missingFile && misplaced.param == "cv" && misplaced.message.contains("cv"))
        let late = APIError.fieldAfterFile("candidate_id")
        #expect(late.param == "candidate_id" && late.hint == "Move candidate_id before file")
    }
}
