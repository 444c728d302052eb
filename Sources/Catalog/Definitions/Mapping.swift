public import JSON

/// How one unified method is carried out by one integration.
public struct Mapping: Sendable {
    /// Which provider call to make.
    public var target: Target
    /// Several calls that make one response; empty: the target alone.
    public var sources: [Source]
    public var sourceMode: SourceMode
    public var steps: CallMapping
    /// Run first, their results bound as `before.<name>`.
    public var before: [Step]
    /// Run last, with the records bound as `data`.
    public var after: [Step]
    public var isPartial: MappingExpression?
    /// Under the mapped query and body; placeholders allowed.
    public var defaultQuery: JSONTemplate?
    public var defaultBody: JSONTemplate?
    /// Answered without any call.
    public var staticResponse: JSONValue?
    public var description: String?
    package var evidence: Evidence
    /// Parameters that this integration needs: all of these, and one of each inner list.
    package var requires: [[String]]
    /// Parameters of a list that the gateway carries out, by dropping records: `ListFilters`.
    package var gatewayFilters: [String]
    /// Parameters of a list for each value of which the list is whole, such as the job where stages are those of all jobs.
    package var sameForAny: [String]
    /// Gives the time at which a temporary result ends; scope of the response mapping.
    package var expiresAt: MappingExpression?
    /// The steps of a call that is carried out as several.
    package var saga: SagaOutline?

    /// Names, or expressions that give them.
    public struct Target: Sendable {
        public var resource: Name
        public var method: Name
    }

    public enum Name: Sendable, Hashable {
        case fixed(String)
        /// `choices` are all it may give: for checks and listings.
        case computed(MappingExpression, choices: [String])
    }

    public enum SourceMode: String, Sendable, Hashable, CaseIterable {
        /// A list: the sources one after the other, each page by page.
        case concatenate
        /// A record: the first source that has it.
        case firstFound = "first_found"
    }

    public struct Source: Sendable {
        /// In cursors; the resource's name where the definition gives none.
        public var name: String
        public var target: Target
        /// Expressions it does not have are the method's.
        public var steps: CallMapping
        /// Falsy: the source is left out; scope of the query mapping.
        public var runIf: MappingExpression?
        /// Run before the source's own call.
        package var before: [Step]
    }

    public struct Step: Sendable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case request, transform
            /// In actions only: the result, an object, is merged into the account's context.
            case updateContext = "update_context"
            /// In sessions only: the result, an object, is merged into the session.
            case updateSession = "update_session"
        }

        public var name: String
        public var kind: Kind
        public var runIf: MappingExpression?
        /// For `request`: an object with `resource`, `method`, `id`, `query`, `body`. Otherwise the result itself.
        public var config: StepConfig
    }

    public enum StepConfig: Sendable {
        case template(JSONTemplate)
        case expression(MappingExpression)
    }
}

/// The expressions of one provider call.
public struct CallMapping: Sendable {
    public var query: MappingExpression?
    public var body: MappingExpression?
    public var headers: MappingExpression?
    public var path: MappingExpression?
    public var response: MappingExpression?
    /// Once over the whole page instead of once per record.
    public var responseIsArray: Bool?
    public var responseHeaders: MappingExpression?
    public var error: MappingExpression?

    public init() {}

    /// These expressions, and those of `base` where there is none.
    func over(_ base: CallMapping) -> CallMapping {
        var merged = base
        if let query { merged.query = query }
        if let body { merged.body = body }
        if let headers { merged.headers = headers }
        if let path { merged.path = path }
        if let response { merged.response = response }
        if let responseIsArray { merged.responseIsArray = responseIsArray }
        if let responseHeaders { merged.responseHeaders = responseHeaders }
        if let error { merged.error = error }
        return merged
    }
}
