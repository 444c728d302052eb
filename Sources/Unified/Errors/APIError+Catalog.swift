package import Catalog
import JSON

extension APIError {
    /// What a call that its definitions cannot carry out is answered with.
    package init(_ error: CatalogError) { self.init(error, plan: nil, query: [:]) }

    /// - Parameters:
    ///   - plan: of the call, to say what the caller can send; nil where there was none.
    ///   - query: what the caller sent.
    init(_ error: CatalogError, plan: MethodPlan?, query: JSONObject) {
        switch error.code {
        case .unknownModel, .unknownResource: self.init(.notFound, Self.sentence(error.message))
        case .unknownIntegration: self.init(.notFound, Self.sentence(error.message))
        case .notMapped, .unknownMethod:
            self.init(
                .methodNotSupported, Self.sentence(error.message),
                hint: "GET /integrated-account/{id}/capabilities lists what the account's integration offers")
        case .badCursor: self.init(.invalidQueryParameter, Self.sentence(error.message), param: "next_cursor")
        case .badResponse: self.init(.badProviderResponse, Self.sentence(error.message))
        case .unresolvedPlaceholder where error.isWithoutSession:
            self.init(
                .badProviderResponse, "No session could be opened at the provider",
                hint: "The account's last_error says why")
        case .unresolvedPlaceholder, .unsafeValue:
            guard let placeholder = error.placeholder else {
                self.init(.invalidQueryParameter, "A value that was given cannot stand where the provider needs it")
                return
            }
            let names = plan?.callerParameters(behind: placeholder) ?? []
            self = Self.unfit(
                names, vendor: plan?.integration.label, query, isMissing: error.code == .unresolvedPlaceholder)
        case .invalidHeader: self.init(.internalError, "The call could not be made")
        case .hostNotAllowed:
            self.init(
                .egressRefused, Self.sentence(error.message), param: "base_url",
                hint: "Credentials go only to the integration's own hosts and those of accounts.base_url_hosts")
        case .tooExpensive:
            self.init(
                .mappingTooExpensive, Self.sentence(error.message),
                hint: "Simplify the expression, or ask for fewer records at once")
        case .invalidDefinition, .unreadable, .expressionFailed:
            self.init(.mappingFailed, Self.sentence(error.message))
        default: self.init(.internalError, "The definition cannot be used")
        }
    }

    /// What was given does not name what the provider needs, or nothing was given.
    ///
    /// - Parameters:
    ///   - names: what the caller could send, one of which is enough; empty where it is the account's to give.
    ///   - isMissing: whether there was no value at all, rather than one that may not stand there.
    private static func unfit(
        _ names: [String], vendor: String?, _ query: JSONObject, isMissing: Bool
    ) -> APIError {
        guard let first = names.first else {
            return APIError(
                .accountIncomplete,
                isMissing
                    ? "The integrated account lacks a setting that the call needs"
                    : "A setting of the integrated account cannot stand where the call needs it",
                hint: "Have the account connected again, with all its fields")
        }
        let given = names.filter { name in query[name].map { $0 != "" && !$0.isNull } ?? false }
        // An id of the path, or one in the body, was given where it is not missing.
        guard let unfit = given.first ?? (isMissing ? nil : first) else {
            return APIError(
                .missingQueryParameter, "The call needs \(names.joined(separator: " or "))", param: first,
                hint: "Send \(names.count == 1 ? "it" : "one of them")"
            ).insight(
                "missing_required_query_parameters", "Query parameters that the call needs",
                .array(names.map(JSONValue.string)))
        }
        let isAddress = unfit == "file_url"
        return APIError(
            .invalidQueryParameter, "\(unfit) does not name a record of \(vendor ?? "the provider")", param: unfit,
            hint: isAddress ? "Give the file_url of an attachment as the gateway returned it" : "Give an id as the gateway returned it")
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension APIError {
    /// A call that the gateway refuses by itself.
    init(_ fault: CallFault) {
        let code: Code =
            switch fault.code {
            case .missingQueryParameter: .missingQueryParameter
            case .invalidQueryParameter: .invalidQueryParameter
            case .missingBodyFields: .missingBodyFields
            case .invalidBody: .invalidBody
            case .unsupportedFilter: .unsupportedFilter
            }
        self.init(code, fault.message, param: fault.parameter, hint: fault.hint)
    }

    /// The provider opens no session with the account's credentials, and the account is `needs_reauth`.
    static var sessionRefused: APIError {
        var error = APIError(
            .remoteError, "The provider refused to open a session with the account's credentials",
            hint: "The account's last_error says what to do")
        error.status = 401
        error.remote = RemoteFailure(rawResponse: .null)
        return error.insight("remote_error", "The provider, not the gateway, refused the call")
    }
}

extension CatalogError {
    /// Whether the call needs a session, and there is none.
    var isWithoutSession: Bool { code == .unresolvedPlaceholder && placeholder?.hasPrefix("session.") == true }
}
