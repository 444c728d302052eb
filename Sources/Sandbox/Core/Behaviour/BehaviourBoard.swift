import Synchronization

/// The scripted behaviours, in the order they were added; the first that matches is used.
final class BehaviourBoard: Sendable {
    private struct State {
        var nextID = 1
        var rules: [BehaviourRule] = []
    }

    private let state = Mutex(State())

    /// Adds a rule and returns it with its id.
    func add(_ rule: BehaviourRule) -> BehaviourRule {
        state.withLock { state in
            var rule = rule
            rule.id = state.nextID
            state.nextID += 1
            state.rules.append(rule)
            return rule
        }
    }

    /// The action for a request, counting it.
    func take(method: String, path: String) -> BehaviourAction? {
        state.withLock { state in
            guard
                let at = state.rules.firstIndex(where: {
                    $0.remaining != 0 && $0.matches(method: method, path: path)
                })
            else { return nil }
            if let remaining = state.rules[at].remaining { state.rules[at].remaining = remaining - 1 }
            return state.rules[at].action
        }
    }

    var rules: [BehaviourRule] { state.withLock { $0.rules } }

    func clear() { state.withLock { $0.rules = [] } }
}
