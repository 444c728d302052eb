import JSON
import JSONata

/// What reading a sandbox's file does not find: expressions that do not compile, names that lead nowhere, lists that are
/// too short for three pages.
struct SandboxLint {
    private(set) var faults: [SandboxFault] = []
    private let plan: VendorPlan

    private static let usual = Set(Call.members + ["rows_", "$", "undefined"])

    init(plan: VendorPlan, reading: SandboxReading) {
        self.plan = plan
        let library = reading.scripts.library.names
        for (script, path, names) in reading.expressions {
            check(script, path, names.union(library).union(reading.scripts.functions.keys))
            checkNames(script, path)
        }
        for route in plan.routes { check(route) }
        checkLengths()
        checkTargets()
    }

    private mutating func report(_ path: [String], _ message: String) {
        faults.append(SandboxFault(path: path, message: message))
    }

    private mutating func check(_ script: Script, _ path: [String], _ names: Set<String>) {
        if case .failure(let error) = script.compiled.expression { return report(path, "\(error)") }
        let known = names.union(Self.usual).union(ScriptText.bound(script.compiled.text))
        for name in ScriptText.variables(script.source).subtracting(known).sorted() {
            // In texts a `$` may stand for itself.
            guard Self.isUsed(name, in: script.source) else { continue }
            report(path, "$\(name) is neither a function nor a variable here")
        }
    }

    /// Whether the name stands outside of quotes.
    private static func isUsed(_ name: String, in source: String) -> Bool {
        let bare = source.replacing(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[\s\S]*?\*\//, with: "")
        return ScriptText.variables(bare).contains(name)
    }

    private mutating func check(_ route: RouteSpec) {
        let path = ["routes", String(route.index)]
        switch route.action {
        case .list(let name), .get(let name), .create(let name), .update(let name), .delete(let name):
            if plan.collections[name] == nil { report(path, "there is no collection '\(name)'") }
        default: break
        }
        if let name = route.pagination, plan.paginations[name] == nil { report(path, "there is no pagination '\(name)'") }
        if !route.isPublic, route.authorization == nil, plan.authorization.isEmpty {
            report(path, "nobody can call it: there is no 'authorization'")
        }
        for case .bind(let name, let script) in route.steps where plan.functions.contains(name) {
            report(script.place.split(separator: ".").map(String.init), "'\(name)' is one of the functions: take another name")
        }
    }

    /// Names of collections and errors that are given to functions as texts.
    private mutating func checkNames(_ script: Script, _ path: [String]) {
        let collections = /\$(?:all|get|where|insert|update|remove|show|seeded)\(\s*"([^"]*)"/
        for match in script.source.matches(of: collections) where plan.collections[String(match.1)] == nil {
            report(path, "there is no collection '\(match.1)'")
        }
        for match in script.source.matches(of: /(?:\$fail|~>\s*\$need)\(\s*"([^"]*)"/) {
            let name = String(match.1)
            let isKnown = plan.errors[name] != nil || Machine.fallbacks[name] != nil || Machine.statuses[name] != nil || name == "invalid"
            if !isKnown { report(path, "there is no error '\(name)'") }
        }
    }

    /// Each pagination is used by a list that has three pages.
    private mutating func checkLengths() {
        var longest: [String: Int] = [:]
        for route in plan.routes {
            guard case .list(let name)? = route.action, let pagination = route.pagination,
                let collection = plan.collections[name]
            else { continue }
            // How many an expression gives is not known here.
            let count = collection.fixedScript == nil ? collection.fixed.count + collection.count : .max
            longest[pagination] = max(longest[pagination] ?? 0, count)
        }
        for (name, count) in longest.sorted(by: { $0.key < $1.key }) {
            guard let spec = plan.paginations[name], spec.kind != .none else { continue }
            let needed = 2 * spec.defaultLimit + 1
            guard count < needed else { continue }
            report(["pagination", name], "its longest list has \(count) records; three pages of \(spec.defaultLimit) need \(needed)")
        }
    }

    private mutating func checkTargets() {
        if plan.accounts.isEmpty { report(["accounts"], "'accounts' is missing: what attache dev connects with") }
        for account in plan.accounts {
            if let token = account.token, plan.oauth?.clients.contains(where: { $0.id == token.client }) != true {
                report(["accounts", account.method, "token"], "oauth has no client '\(token.client)'")
            }
        }
    }
}
