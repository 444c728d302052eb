package import JSON
import Synchronization

/// Everything needed to carry out one unified method for one integration: made once, shared by all its calls.
package final class MethodPlan: Sendable {
    package let model: String
    package let resource: String
    package let method: String
    package let integration: Integration
    package let schema: ResourceSchema
    /// The unified method with the requirements of this integration merged in.
    package let unifiedMethod: UnifiedMethod
    package let parameterNames: ParameterNames
    package let mapping: Mapping
    /// The account's own expressions: evaluated beside the mapping's, their results merged over it.
    package let accountQueryMapping: MappingExpression?
    package let accountResponseMapping: MappingExpression?
    /// Bytes of the largest file that a provider call of this method takes; nil where one of them states no limit.
    package let largestFile: Int?
    /// The expressions among all of these that an override wrote.
    package let overriddenExpressions: [MappingExpression]
    /// The calls that take the caller's file.
    package let fileRoute: FileRoute
    /// The calls that this one is carried out as; nil where it is one.
    package let saga: Saga?
    /// The parameters that may stand in the query or in the body.
    let sharedParameters: [SharedParameter]
    /// The names of the query's times.
    let timeParameters: [String]
    let conditionalQuery: [String: String]
    let conditionalBody: [String: String]

    /// How long the mappings take.
    package let cost = PlanCost()

    /// Worked out once, at the first form.
    let bodyReads = Mutex<RequiredBodyFields?>(nil)

    /// Worked out once, at the first call that writes.
    let knownBodyUse = Mutex<BodyUse?>(nil)

    /// Worked out once, at the first list.
    let listFilters = Mutex<ListFilters?>(nil)

    init(
        model: String, resource: String, method: String, integration: Integration, schema: ResourceSchema,
        unifiedMethod: UnifiedMethod, mapping: Mapping, accountQueryMapping: MappingExpression?,
        accountResponseMapping: MappingExpression?, overriddenExpressions: [MappingExpression] = [], saga: Saga? = nil,
        memberShapes: [String: JSONValue] = [:]
    ) {
        self.model = model
        self.resource = resource
        self.method = method
        self.integration = integration
        self.schema = schema
        self.unifiedMethod = unifiedMethod
        parameterNames = ParameterNames(unifiedMethod, shapes: memberShapes)
        self.mapping = mapping
        self.accountQueryMapping = accountQueryMapping
        self.accountResponseMapping = accountResponseMapping
        self.overriddenExpressions = overriddenExpressions
        self.saga = saga
        let route = FileRoute(mapping, integration)
        fileRoute = route
        largestFile = route.largestFile
        timeParameters = DateTimeParameters.names(unifiedMethod.query)
        sharedParameters = unifiedMethod.params.map(SharedParameter.init)
        conditionalQuery = Self.rules(unifiedMethod.query)
        conditionalBody = Self.rules(unifiedMethod.body)
    }

    /// Whether the call changes nothing, at the provider or here: lists, gets, and files that are fetched.
    package var onlyReads: Bool { unifiedMethod.httpMethod == "GET" || unifiedMethod.response == .binary }

    /// Whether the method reads one record, which may not be there.
    var readsRecord: Bool { unifiedMethod.response == .record && unifiedMethod.httpMethod == "GET" }

    private static func rules(_ parameters: [UnifiedMethod.Parameter]) -> [String: String] {
        var rules: [String: String] = [:]
        for parameter in parameters { rules[parameter.name] = parameter.conditionallyRequired }
        return rules
    }
}

/// Which provider calls one unified call becomes.
package enum ExecutionPlan: Sendable {
    case single(PlannedCall)
    /// One list made of several: read the first to its end, then the next (`SourceCursor`).
    case concatenated([PlannedCall])
    /// Try in order until one has the record.
    case firstFound([PlannedCall])
    /// No call: this is the response.
    case fixed(JSONValue)
}

/// One provider call with the expressions that surround it.
///
/// An object, since it has dozens of members and is handed on at every step.
package final class PlannedCall: Sendable {
    /// In cursors; the resource's name.
    package let source: String
    package let method: IntegrationMethod
    package let mapping: CallMapping
    /// Steps before this call alone.
    package let before: [Mapping.Step]
    /// Whether it is a step that takes the caller's `remote_data`.
    package let takesRemoteData: Bool

    package init(
        source: String, method: IntegrationMethod, mapping: CallMapping = CallMapping(), before: [Mapping.Step] = [],
        takesRemoteData: Bool = false
    ) {
        self.source = source
        self.method = method
        self.mapping = mapping
        self.before = before
        self.takesRemoteData = takesRemoteData
    }
}
