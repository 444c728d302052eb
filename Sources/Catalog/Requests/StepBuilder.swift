package import JSON

/// One step before or after the main call, ready to be carried out.
package enum PlannedStep: Sendable {
    /// Send it; the data of its response (`ResponseMapper.data(of:)` of the returned call) is the step's result.
    case request(OutgoingRequest, PlannedCall)
    /// No call: this is the result. nil: undefined.
    case value(JSONValue?)
    /// Its `run_if` is false.
    case skipped
}

extension MethodPlan {
    /// Works out a step from what is known so far. Bind its result as `scope.before[step.name]`.
    ///
    /// - Parameters:
    ///   - data: For steps after the call: its unified records, bound as `data`.
    ///   - item: For a step that is carried out for each of several: this one, bound as `item`.
    /// - Throws: as `RequestBuilder.build`.
    package func step(
        _ step: Mapping.Step, scope: CallInput, data: JSONValue? = nil, item: JSONValue? = nil
    ) throws(CatalogError) -> PlannedStep {
        try integration.step(step, scope: scope, data: data, item: item, place: place) { method in
            takesRemoteData(step, method, scope)
        }
    }

    /// What a step is carried out for, one after the other; nil: once.
    ///
    /// - Throws: `expressionFailed`.
    func items(of step: Mapping.Step, scope: CallInput, data: JSONValue?) throws(CatalogError) -> [JSONValue]? {
        guard let each = step.forEach else { return nil }
        var input = MappingScope.routing(scope)
        input["data"] = data
        guard let value = try each.evaluate(input), !value.isNull else { return [] }
        return value.array ?? [value]
    }
}

extension Integration {
    /// Works out a step.
    ///
    /// - Parameters:
    ///   - place: what it belongs to, for errors.
    ///   - takesRemoteData: whether the caller's `remote_data` goes into this call.
    func step(
        _ step: Mapping.Step, scope: CallInput, data: JSONValue? = nil, item: JSONValue? = nil, place: String,
        takesRemoteData: (IntegrationMethod) -> Bool = { _ in false }
    ) throws(CatalogError) -> PlannedStep {
        var input = MappingScope.routing(scope)
        input["data"] = data
        input["item"] = item
        if let condition = step.runIf, !(try condition.evaluate(input)).isTruthy { return .skipped }
        let config: JSONValue?
        switch step.config {
        case .expression(let expression): config = try expression.evaluate(input)
        case .template(let tree): config = try tree.resolve(TemplateContext(input, scope))
        }
        guard step.kind == .request else { return .value(config) }
        guard let object = config?.object, let resource = object["resource"]?.string else {
            throw CatalogError(.expressionFailed, "step '\(step.name)' of \(place) names no resource")
        }
        let method = try method(resource, object["method"]?.string ?? "get", namedBy: place)
        var inner = scope
        inner.query = object["query"]?.object ?? [:]
        inner.body = object["body"]
        inner.id = object["id"]?.plainText ?? scope.id
        inner.remoteQuery = [:]
        let takesRemoteData = takesRemoteData(method)
        if !takesRemoteData { inner.remoteData = nil }
        inner.cursor = nil
        let builder = RequestBuilder(self, method, isBodyMade: inner.body != nil)
        let call = PlannedCall(source: step.name, method: method, takesRemoteData: takesRemoteData)
        return .request(try builder.build(inner), call)
    }
}
