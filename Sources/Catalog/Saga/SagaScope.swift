package import JSON

/// What the expressions of a saga may read.
package struct SagaScope: Sendable {
    /// The caller's, with files as handles.
    package var body: JSONObject
    /// The caller's parameters, and what steps have set since.
    package var params: JSONObject
    /// The caller's parameters alone.
    package let given: JSONObject
    /// The record of the result, once there is one.
    package var result: JSONValue?
    /// When the call began, less what clocks may differ by: a record that is older is not this call's.
    package var since: String
    /// Whether the candidate was there before.
    package var isCandidateKnown = false
    /// Ids of records that steps of this call have made.
    package var made: [String] = []

    /// What calls of steps had no place for, as the caller is told.
    package var warnings: [JSONValue] = []

    package init(body: JSONObject, params: JSONObject, since: String) {
        self.body = body
        self.params = params
        given = params
        self.since = since
    }

    private func input(_ items: [JSONValue], _ at: Int?) -> MappingInput {
        var input: MappingInput = [:]
        input["body"] = .object(body)
        input["params"] = .object(params)
        input["given"] = .object(given)
        input["application"] = result
        input["since"] = .string(since)
        input["is_candidate_known"] = .bool(isCandidateKnown)
        input["made"] = .array(made.map(JSONValue.string))
        if let at {
            input["items"] = .array(items)
            input["item"] = items[at]
            input["index"] = .number(JSONNumber(at))
        }
        return input
    }

    /// The list whose items a step sends one by one; nil where it is one call.
    ///
    /// - Throws: `expressionFailed`, as the others.
    package func items(of step: SagaStep) throws(CatalogError) -> [JSONValue]? {
        guard let expression = step.items else { return nil }
        switch try expression.evaluate(input([], nil)) {
        case nil, .null?: return []
        case .array(let items)?: return items
        case let one?: return [one]
        }
    }

    package func runs(_ step: SagaStep) throws(CatalogError) -> Bool {
        guard let condition = step.runIf else { return true }
        return try condition.evaluate(input([], nil)).isTruthy
    }

    /// The files that may go along with a step's call.
    package func files(along step: SagaStep) throws(CatalogError) -> [SagaFiles.Place] {
        guard let room = step.files else { return [] }
        if let condition = step.filesIf, try !condition.evaluate(input([], nil)).isTruthy { return [] }
        return SagaFiles.along(files, room: room)
    }

    /// The caller's list of files.
    package var files: [JSONValue] { body[Saga.fileList]?.array ?? [] }

    /// Query and body of a step's call; for the call that the saga belongs to the caller's own, unless it says otherwise.
    package func call(
        _ step: SagaStep, _ items: [JSONValue], _ at: Int?
    ) throws(CatalogError) -> (query: JSONObject, body: JSONObject) {
        let input = input(items, at)
        let query = try step.query?.evaluate(input)?.object ?? [:]
        let body = try step.body?.evaluate(input)?.object ?? body
        return (Self.withoutNulls(query), Self.withoutNulls(body))
    }

    /// Takes over what a step's record says for those that follow.
    package mutating func learn(
        _ record: JSONValue, of step: SagaStep, _ items: [JSONValue], _ at: Int?
    ) throws(CatalogError) {
        for (name, expression) in step.sets {
            var input = input(items, at)
            input["result"] = record
            if let value = try expression.evaluate(input), !value.isNull { params[name] = value }
        }
    }

    /// The query of a search.
    package func query(_ find: SagaFind, _ items: [JSONValue], _ at: Int?) throws(CatalogError) -> JSONObject {
        Self.withoutNulls(try find.query.evaluate(input(items, at))?.object ?? [:])
    }

    /// What a search has found: a record, nothing, or `false` where that cannot be known.
    package func match(
        _ find: SagaFind, _ records: [JSONValue], _ items: [JSONValue], _ at: Int?
    ) throws(CatalogError) -> JSONValue? {
        var input = input(items, at)
        input["records"] = .array(records)
        return try find.match.evaluate(input)
    }

    private static func withoutNulls(_ object: JSONObject) -> JSONObject {
        JSONObject(object.elements.filter { !$0.value.isNull }.map { (key: $0.key, value: $0.value) })
    }
}
