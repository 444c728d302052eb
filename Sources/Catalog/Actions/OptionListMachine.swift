package import JSON

/// Reads the options of a credential's field from its vendor, page by page, as a pure state machine.
///
/// `start` → send; `received` after each send → send | finished | refused; nothing after that.
package struct OptionListMachine: Sendable {
    package enum Next: Sendable {
        case send(OutgoingRequest, PlannedCall)
        case finished(OptionChoices)
        case refused(ProviderFailure)
    }

    /// Past these a person would not find anything in the list.
    private static let most = 2000
    private static let mostPages = 30

    private let integration: Integration
    private let list: Credential.OptionList
    private let method: IntegrationMethod
    private let builder: RequestBuilder
    private var scope: CallInput
    private var pending: (request: OutgoingRequest, call: PlannedCall)?
    private var pages = 0
    private var options: [OptionChoices.Option] = []

    /// - Parameters:
    ///   - context: the account's whole context, credentials included.
    ///   - openContext: what of it overrides may see.
    /// - Throws: `invalidDefinition` where the integration has no such call.
    package init(
        _ integration: Integration, _ list: Credential.OptionList, context: JSONObject, openContext: JSONObject,
        secrets: SecretMask, authenticationMethod: String
    ) throws(CatalogError) {
        self.integration = integration
        self.list = list
        method = try integration.method(list.resource, list.method, namedBy: "options_from")
        builder = RequestBuilder(integration, method)
        scope = CallInput(context: context, authenticationMethod: authenticationMethod, limit: 100)
        scope.openContext = openContext
        scope.secrets = secrets
    }

    /// - Throws: as `RequestBuilder.build`.
    package mutating func start() throws(CatalogError) -> Next {
        let request = try builder.build(scope)
        let call = PlannedCall(source: method.resource, method: method)
        pending = (request, call)
        return .send(request, call)
    }

    /// - Throws: as `start`, and `expressionFailed`.
    package mutating func received(_ response: ProviderResponse) throws(CatalogError) -> Next {
        guard let (request, call) = pending else { return .finished(OptionChoices(options: options, isWhole: false)) }
        pending = nil
        if let failure = try call.failure(response, of: integration, request: request, scope: scope) {
            return .refused(failure)
        }
        let records = Self.records(try call.data(of: response, request: request, scope: scope))
        for record in records { try take(record) }
        pages += 1
        let paginator = Paginator(builder.pagination)
        let next = try paginator.next(
            response, try response.body.page(), count: records.count, request: request, scope: scope)
        guard let next, options.count < Self.most, pages < Self.mostPages else {
            return .finished(OptionChoices(options: options, isWhole: next == nil))
        }
        scope.cursor = next
        return try start()
    }

    private static func records(_ data: JSONValue?) -> [JSONValue] {
        guard let data, !data.isNull else { return [] }
        return data.array ?? [data]
    }

    private mutating func take(_ record: JSONValue) throws(CatalogError) {
        guard let value = try list.value.evaluate(document: record)?.plainText, !value.isEmpty else { return }
        let label = try list.label?.evaluate(document: record)?.plainText ?? ""
        options.append(OptionChoices.Option(value: value, label: label.isEmpty ? value : label))
    }
}

/// What a vendor lists for a credential's field.
package struct OptionChoices: Sendable, Hashable {
    package struct Option: Sendable, Hashable {
        /// Stored in the account's context.
        package var value: String
        /// What a person reads.
        package var label: String
    }

    package var options: [Option]
    /// Whether the vendor has no more of them.
    package var isWhole: Bool

    package init(options: [Option], isWhole: Bool) {
        self.options = options
        self.isWhole = isWhole
    }
}
