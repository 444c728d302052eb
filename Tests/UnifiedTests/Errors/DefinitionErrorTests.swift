import JSON
import Testing

@testable import Catalog
@testable import Unified

/// What a caller is told where its call could not be made of the definitions.
struct `A call that its definition cannot carry out` {
    private static func plan(_ method: String) throws -> MethodPlan {
        try Catalog(folders: []).plan(model: "ats", resource: "attachments", method: method, integration: "lever")
    }

    private static func error(
        _ code: CatalogError.Code, _ placeholder: String? = nil, plan: MethodPlan? = nil, query: JSONObject = [:]
    ) -> APIError {
        APIError(CatalogError(code, "the text of it", placeholder: placeholder), plan: plan, query: query)
    }

    @Test(
        arguments: [
            (.unknownModel, "not_found"), (.unknownResource, "not_found"), (.unknownIntegration, "not_found"),
            (.unknownMethod, "method_not_supported"), (.notMapped, "method_not_supported"), (.badCursor, "invalid_query_parameter"),
            (.badResponse, "bad_provider_response"), (.invalidHeader, "internal_error"), (.hostNotAllowed, "egress_refused"),
            (.tooExpensive, "mapping_too_expensive"), (.invalidDefinition, "mapping_failed"), (.unreadable, "mapping_failed"),
            (.expressionFailed, "mapping_failed"), (.cancelled, "internal_error"),
        ] as [(CatalogError.Code, String)])
    func `is its caller's fault, the provider's, or the definition's`(code: CatalogError.Code, name: String) {
        let error = Self.error(code)
        #expect(error.code.name == name)
        // A text for people begins as a sentence does; what is internal shows nothing of it.
        #expect(error.message == "The text of it" || error.code == .internalError)
        #expect(error.code != .internalError || !error.message.contains("text"))
    }

    @Test func `names what is at fault and where to look`() {
        #expect(Self.error(.badCursor).param == "next_cursor")
        #expect(Self.error(.hostNotAllowed).param == "base_url")
        #expect(Self.error(.notMapped).hint?.contains("capabilities") == true)
        #expect(Self.error(.tooExpensive).hint?.isEmpty == false)
    }

    // MARK: Placeholders

    @Test func `lacks one of the parameters that would do`() throws {
        let error = Self.error(.unresolvedPlaceholder, "query.opportunity_id", plan: try Self.plan("create"))
        #expect(error.code == .missingQueryParameter)
        #expect(error.message.contains(" or ") && error.hint == "Send one of them")
        let names = error.insight["missing_required_query_parameters"]?["value"]?.array?.compactMap(\.string)
        #expect(Set(names ?? []) == ["candidate_id", "application_id"])
        #expect(error.param == names?.first)
    }

    @Test func `lacks the one that it needs`() throws {
        let error = Self.error(.unresolvedPlaceholder, "query.opportunity_id", plan: try Self.plan("download"))
        #expect(error.message == "The call needs file_url" && error.hint == "Send it" && error.param == "file_url")
    }

    @Test(
        arguments: [
            ("create", ["candidate_id": "x/y"], "candidate_id", "Give an id as the gateway returned it"),
            ("create", ["candidate_id": "", "application_id": "x"], "application_id", "Give an id as the gateway returned it"),
            ("create", ["candidate_id": nil, "application_id": "x"], "application_id", "Give an id as the gateway returned it"),
            ("download", ["file_url": "x"], "file_url", "Give the file_url of an attachment as the gateway returned it"),
        ] as [(String, JSONObject, String, String)])
    func `was given what names nothing`(method: String, query: JSONObject, param: String, hint: String) throws {
        for code in [CatalogError.Code.unresolvedPlaceholder, .unsafeValue] {
            let error = Self.error(code, "query.opportunity_id", plan: try Self.plan(method), query: query)
            #expect(error.code == .invalidQueryParameter && error.param == param && error.hint == hint)
            #expect(error.message == "\(param) does not name a record of Lever")
        }
    }

    @Test func `was given an unsafe id in its path or its body`() throws {
        let error = Self.error(.unsafeValue, "id", plan: try Self.plan("delete"))
        #expect(error.code == .invalidQueryParameter && error.param == "id")
    }

    @Test(arguments: [(CatalogError.Code.unresolvedPlaceholder, "lacks a setting"), (.unsafeValue, "cannot stand where")])
    func `has an account that lacks what it needs`(code: CatalogError.Code, text: String) throws {
        for placeholder in ["context.subdomain", "subdomain"] {
            let error = Self.error(code, placeholder, plan: try Self.plan("list"))
            #expect(error.code == .accountIncomplete && error.param == nil)
            #expect(error.message.contains(text) && error.hint?.contains("connected again") == true)
        }
    }

    @Test func `says nothing of a value without a name`() {
        let error = Self.error(.unsafeValue)
        #expect(error.code == .invalidQueryParameter && error.param == nil && !error.message.contains("text"))
    }

    // MARK: Sessions

    @Test func `has no session, which is not the caller's fault`() throws {
        let error = Self.error(.unresolvedPlaceholder, "session.token", plan: try Self.plan("list"))
        #expect(error.code == .badProviderResponse && error.hint?.contains("last_error") == true)
        #expect(CatalogError(.unresolvedPlaceholder, "", placeholder: "session.token").isWithoutSession)
        #expect(!CatalogError(.unsafeValue, "", placeholder: "session.token").isWithoutSession)
        #expect(!CatalogError(.unresolvedPlaceholder, "", placeholder: "sessions").isWithoutSession)
        #expect(!CatalogError(.unresolvedPlaceholder, "").isWithoutSession)
    }

    @Test func `has a session refused, which is the provider's refusal`() {
        let error = APIError.sessionRefused
        #expect(error.status == 401 && error.code == .remoteError && error.remote?.rawResponse.isNull == true)
        #expect(error.insight["remote_error"] != nil)
    }

    // MARK: Refusals of the definition

    @Test(
        arguments: [
            ("candidate_id", [:], "invalid_body"), ("candidate_id", ["candidate_id": "1"], "invalid_query_parameter"),
            ("nothing", [:], "invalid_query_parameter"), (nil, [:], "invalid_query_parameter"),
        ] as [(String?, JSONObject, String)])
    func `is refused for a field of the body or of the query`(parameter: String?, query: JSONObject, code: String) throws {
        let refusal = Mapping.Refusal(condition: MappingExpression("true", place: "here"), message: "Not here", parameter: parameter)
        let error = APIError(try Self.plan("create").fault(refusal, query: query))
        #expect(error.code.name == code && error.param == parameter && error.message == "Not here")
    }
}
