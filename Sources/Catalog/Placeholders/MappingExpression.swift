import JSON
package import JSONata
import MappingFunctions
import Synchronization

/// A JSONata expression of a definition, compiled at its first use.
///
/// A catalog holds hundreds of expressions and a process uses few of them: compiling them all would be most of a start.
package final class MappingExpression: Sendable {
    package let source: String
    /// Where it stands, for messages: `integrations/x/ats.yaml:12: resources.attachments.list.response_mapping`.
    package let place: String
    /// Who wrote it: decides what it may see, and where it may run.
    package let origin: Origin
    /// Whether it may read a variable of the call (`CallVariables`): most do not, and binding them has its price.
    let readsCallVariables: Bool
    private let compiled = Mutex<Result<Expression, JSONataError>?>(nil)
    /// Of a rule that reads the status of a response and nothing else, what it said to each.
    private let verdicts = Mutex<[Int: Bool]>([:])

    package convenience init(_ source: String, place: String) {
        self.init(source, place: place, origin: .definition)
    }

    package init(_ source: String, place: String, origin: Origin) {
        self.source = source
        self.place = place
        self.origin = origin
        readsCallVariables = ["$query", "$id", "$context", "$status", "$headers"].contains { source.contains($0) }
    }

    /// Compiles the expression if that has not happened yet.
    ///
    /// - Throws: `CatalogError.Code.expressionFailed` naming the place and the position.
    package func expression() throws(CatalogError) -> Expression {
        let result = compiled.withLock { slot in
            if let slot { return slot }
            let fresh = Self.compile(source)
            slot = fresh
            return fresh
        }
        do { return try result.get() } catch { throw fault(error) }
    }

    /// Whether the rule holds for a response of this status; nil where it must be evaluated to know.
    func verdict(onStatus status: Int) -> Bool? { verdicts.withLock { $0[status] } }

    /// Keeps what the rule gave, where it would give it again: it calls no function and reads the status alone.
    func note(_ verdict: Bool, onStatus status: Int) {
        guard !source.contains("$"), (try? expression().membersRead) == ["status"] else { return }
        verdicts.withLock { $0[status] = verdict }
    }

    /// Evaluates against the names that the mapping may use.
    ///
    /// - Returns: nil where the result is undefined.
    func evaluate(_ input: MappingInput) throws(CatalogError) -> JSONValue? {
        let expression = try expression()
        do {
            let names = input.seen(by: origin, among: expression.membersRead)
            return try expression.evaluate(.object(names), budget: MappingBudget.current)
        } catch {
            throw fault(error)
        }
    }

    /// Evaluates against any document: `response_path` and `cursor_path` read the provider's response itself.
    ///
    /// - Parameter variables: by name, without the `$`.
    func evaluate(document: JSONValue, variables: MappingInput = [:]) throws(CatalogError) -> JSONValue? {
        let expression = try expression()
        do {
            let bindings = Dictionary(variables.seen(by: origin).elements.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
            return try expression.evaluate(document, bindings: bindings, budget: MappingBudget.current)
        } catch {
            throw fault(error)
        }
    }

    /// Evaluates against a document of a workspace: the way for whole pages, on which nothing is copied.
    func evaluate(
        _ input: Workspace.Document, in workspace: Workspace, bindings: [(String, Workspace.Document)] = []
    ) throws(CatalogError) -> Workspace.Document {
        let expression = try expression()
        do {
            return try workspace.evaluate(expression, input, bindings: bindings)
        } catch {
            throw fault(error)
        }
    }

    /// The value of a document that an evaluation gave; nil for undefined.
    func value(_ document: Workspace.Document, in workspace: Workspace) throws(CatalogError) -> JSONValue? {
        do { return try workspace.value(document) } catch { throw fault(error) }
    }

    /// Compiling is charged too: an override may be long.
    private static func compile(_ source: String) -> Result<Expression, JSONataError> {
        let started = ContinuousClock.now
        defer {
            let took = (ContinuousClock.now - started) / .nanoseconds(1)
            // What has run out shows at the evaluation that follows.
            try? MappingBudget.current?.charge(processorNanoseconds: Int(took))
        }
        do { return .success(try Expression(source, library: FunctionLibrary.mapping)) } catch { return .failure(error) }
    }

    private func fault(_ error: JSONataError) -> CatalogError { CatalogError(error, at: place) }
}

extension MappingExpression: Hashable {
    package static func == (a: MappingExpression, b: MappingExpression) -> Bool { a.source == b.source }
    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
