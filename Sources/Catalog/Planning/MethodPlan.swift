package import JSON
import JSONata
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

    /// Decides which provider calls this unified call becomes.
    ///
    /// - Throws: `invalidDefinition` where an expression names a call that the integration does not have.
    package func route(for scope: CallInput) throws(CatalogError) -> ExecutionPlan {
        if let fixed = mapping.staticResponse { return .fixed(fixed) }
        guard !mapping.sources.isEmpty else {
            return .single(try call(mapping.target, steps: mapping.steps, name: nil, before: [], scope))
        }
        lazy var input = MappingScope.routing(scope)
        var calls: [PlannedCall] = []
        for source in mapping.sources {
            if let condition = source.runIf, !(try condition.evaluate(input)).isTruthy { continue }
            calls.append(
                try call(
                    source.target, steps: source.steps.over(mapping.steps), name: source.name, before: source.before,
                    scope))
        }
        switch mapping.sourceMode {
        case .concatenate: return .concatenated(calls)
        case .firstFound: return .firstFound(calls)
        }
    }

    /// Every provider call that a plan may make: for limits that must be known before the mapping can run.
    static func possibleMethods(_ mapping: Mapping, _ integration: Integration) -> [IntegrationMethod] {
        let targets = mapping.sources.isEmpty ? [mapping.target] : mapping.sources.map(\.target)
        return targets.flatMap { target in
            target.resource.possible.flatMap { resource in
                target.method.possible.compactMap { integration.resources[resource]?.methods[$0] }
            }
        }
    }

    private func call(
        _ target: Mapping.Target, steps: CallMapping, name: String?, before: [Mapping.Step], _ scope: CallInput
    ) throws(CatalogError) -> PlannedCall {
        let resource = try target.resource.value(scope)
        let method = try target.method.value(scope)
        return PlannedCall(
            source: name ?? resource, method: try integration.method(resource, method, namedBy: place), mapping: steps,
            before: before)
    }

    var place: String { "the mapping of \(model).\(resource).\(method)" }

    /// The first refusal of the definition that holds for the call, of those that can be judged now.
    ///
    /// Each is judged once, as soon as what it reads is there: a step that writes must not be carried out for a call that is
    /// then refused.
    ///
    /// - Parameter steps: how many of the steps before the call are behind it; nil: the call was not begun yet.
    /// - Throws: `expressionFailed`.
    func refusal(_ scope: CallInput, after steps: Int?) throws(CatalogError) -> Mapping.Refusal? {
        guard !mapping.refusals.isEmpty else { return nil }
        let input = MappingScope.routing(scope)
        for refusal in mapping.refusals where refusal.stepsNeeded(of: mapping.before) == steps {
            if try refusal.condition.evaluate(input).isTruthy { return refusal }
        }
        return nil
    }

    /// The refusal of a step that would be carried out too often.
    func refusal(of step: Mapping.Step, items: Int) -> Mapping.Refusal? {
        guard let each = step.forEach, items > StepLoop.maxItems else { return nil }
        let fields = (try? each.expression().membersRead(of: "body")) ?? []
        return Mapping.Refusal(
            condition: each, message: "\(integration.label) takes them one at a time; one call takes \(StepLoop.maxItems) at most",
            parameter: fields.count == 1 ? fields.first : nil)
    }

    /// Whether the caller's `remote_data` goes into the call of a step before the call itself.
    ///
    /// It belongs to the call that makes or changes the record. That is the call itself, unless a step says that it is
    /// (`makes_record`), or the call only reads what a step has made: then it is the first step that writes.
    func takesRemoteData(_ step: Mapping.Step, _ method: IntegrationMethod, _ scope: CallInput) -> Bool {
        guard scope.remoteData?.isEmpty == false, method.hasBody else { return false }
        if steps.contains(where: \.makesRecord) { return step.makesRecord }
        // Uploads to an address that another call gave take a file, and nothing more.
        return method.mayChange(isMain: false) && !method.noAuth && steps.contains { $0.name == step.name } && !mainWrites(scope)
    }

    private var steps: [Mapping.Step] { mapping.before + mapping.sources.flatMap(\.before) }

    private func mainWrites(_ scope: CallInput) -> Bool {
        let methods: [IntegrationMethod] =
            switch try? route(for: scope) {
            case .single(let call)?: [call.method]
            case .concatenated(let calls)?, .firstFound(let calls)?: calls.map(\.method)
            case .fixed?: []
            // What decides may be the result of a step that is still to come.
            case nil: Self.possibleMethods(mapping, integration)
            }
        // Vendors that read by POST say that it may be sent twice.
        return methods.contains { $0.hasBody && $0.mayChange(isMain: false) }
    }

    /// Compiles what overrides have written: long texts take long, so whoever calls it decides where.
    ///
    /// An expression that does not compile says so when it is evaluated.
    package func compileOverrides() {
        for expression in overriddenExpressions { _ = try? expression.expression() }
        _ = bodyMembersRead
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

extension Mapping.Name {
    /// The names it may give.
    var possible: [String] {
        switch self {
        case .fixed(let name): [name]
        case .computed(_, let choices): choices
        }
    }

    func value(_ scope: CallInput) throws(CatalogError) -> String {
        switch self {
        case .fixed(let name): return name
        case .computed(let expression, _):
            guard let name = try expression.evaluate(MappingScope.routing(scope))?.string else {
                throw CatalogError(.expressionFailed, "\(expression.place): gives no name")
            }
            return name
        }
    }
}

extension Mapping.Refusal {
    /// How many of the steps must have been carried out before it can be judged; nil: it reads none of their results.
    func stepsNeeded(of steps: [Mapping.Step]) -> Int? {
        // Where it cannot be known what an expression reads, it may read the results of all.
        guard let names = try? condition.expression().membersRead(of: "before") else { return steps.count }
        if names.isEmpty { return nil }
        return steps.lastIndex { names.contains($0.name) }.map { $0 + 1 } ?? steps.count
    }
}

extension IntegrationMethod {
    /// Whether its request can hold members.
    var hasBody: Bool { httpMethod != "GET" && httpMethod != "HEAD" && !ignoreBody }
}
