package import JSON

/// How one unified method is carried out by one integration.
package struct Mapping: Sendable {
    /// Which provider call to make.
    package var target: Target
    /// Several calls that make one response; empty: the target alone.
    package var sources: [Source]
    package var sourceMode: SourceMode
    package var steps: CallMapping
    /// Run first, their results bound as `before.<name>`.
    package var before: [Step]
    /// Run last, with the records bound as `data`.
    package var after: [Step]
    package var isPartial: MappingExpression?
    /// Under the mapped query and body; placeholders allowed.
    package var defaultQuery: JSONTemplate?
    package var defaultBody: JSONTemplate?
    /// Answered without any call.
    package var staticResponse: JSONValue?
    package var description: String?
    package var evidence: Evidence
    /// Parameters that this integration needs: all of these, and one of each inner list.
    package var requires: [[String]]
    /// What this integration cannot do, refused before the call is made.
    package var refusals: [Refusal]
    /// Parameters of a list that the gateway carries out, by dropping records: `ListFilters`.
    package var gatewayFilters: [String]
    /// Parameters of a list for each value of which the list is whole, such as the job where stages are those of all jobs.
    package var sameForAny: [String]
    /// Gives the time at which a temporary result ends; scope of the response mapping.
    package var expiresAt: MappingExpression?
    /// The steps of a call that is carried out as several.
    package var saga: SagaOutline?

    /// A call that is refused where the condition is truthy; scope of the query mapping.
    package struct Refusal: Sendable {
        package var condition: MappingExpression
        /// A sentence for the caller, which says what is possible instead.
        package var message: String
        /// The query parameter or body field at fault.
        package var parameter: String?
    }

    /// Names, or expressions that give them.
    package struct Target: Sendable {
        package var resource: Name
        package var method: Name
    }

    package enum Name: Sendable, Hashable {
        case fixed(String)
        /// `choices` are all it may give: for checks and listings.
        case computed(MappingExpression, choices: [String])
    }

    package enum SourceMode: String, Sendable, Hashable, CaseIterable {
        /// A list: the sources one after the other, each page by page.
        case concatenate
        /// A record: the first source that has it.
        case firstFound = "first_found"
    }

    package struct Source: Sendable {
        /// In cursors; the resource's name where the definition gives none.
        package var name: String
        package var target: Target
        /// Expressions it does not have are the method's.
        package var steps: CallMapping
        /// Falsy: the source is left out; scope of the query mapping.
        package var runIf: MappingExpression?
        /// Run before the source's own call.
        package var before: [Step]
    }

    package struct Step: Sendable {
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case request, transform
            /// In actions only: the result, an object, is merged into the account's context.
            case updateContext = "update_context"
            /// In sessions only: the result, an object, is merged into the session.
            case updateSession = "update_session"
        }

        package var name: String
        package var kind: Kind
        package var runIf: MappingExpression?
        /// Gives items; the step is carried out for each of them, bound as `item`, and its result is the list of their results.
        package var forEach: MappingExpression?
        /// Whether its call makes the record that the method is about, where the call itself writes too.
        package var makesRecord = false
        /// For `request`: an object with `resource`, `method`, `id`, `query`, `body`. Otherwise the result itself.
        package var config: StepConfig
    }

    package enum StepConfig: Sendable {
        case template(JSONTemplate)
        case expression(MappingExpression)
    }
}

/// The expressions of one provider call.
package struct CallMapping: Sendable {
    package var query: MappingExpression?
    package var body: MappingExpression?
    package var headers: MappingExpression?
    package var path: MappingExpression?
    package var response: MappingExpression?
    /// Once over the whole page instead of once per record.
    package var responseIsArray: Bool?
    package var responseHeaders: MappingExpression?
    package var error: MappingExpression?

    package init() {}

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
