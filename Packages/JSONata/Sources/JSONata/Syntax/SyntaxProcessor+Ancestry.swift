@_spi(Engine) import JSON

/// Finding the steps that `%` looks back to.
extension SyntaxProcessor {
    static func pushAncestry(_ result: Syntax, _ value: Syntax) {
        guard value.seekingParent != nil || value.kind == .parent else { return }
        var slots = value.seekingParent ?? []
        if value.kind == .parent, let slot = value.slot { slots.append(slot) }
        result.seekingParent = (result.seekingParent ?? []) + slots
    }

    func seekParent(_ node: Syntax, _ slot: Syntax.Slot) throws -> Syntax.Slot {
        switch node.kind {
        case .name, .wildcard:
            slot.level -= 1
            if slot.level == 0 {
                if let ancestor = node.ancestor { ancestry[slot.index].slot?.label = ancestor.label }
                node.ancestor = slot
                node.tuple = true
            }
        case .parent: slot.level += 1
        case .block:
            if let last = node.items.last {
                node.tuple = true
                return try seekParent(last, slot)
            }
        case .path:
            node.tuple = true
            var slot = slot
            for step in node.items.reversed() {
                slot = try seekParent(step, slot)
                if slot.level == 0 { break }
            }
            return slot
        default:
            throw JSONataError(
                "S0217", "the parent of this cannot be derived", position: node.position, token: Self.name(node.kind)
            )
        }
        return slot
    }

    func resolveAncestry(_ path: Syntax) throws {
        let last = path.items[path.items.count - 1]
        var slots = last.seekingParent ?? []
        if last.kind == .parent, let slot = last.slot { slots.append(slot) }
        for slot in slots {
            var slot = slot
            var at = path.items.count - 2
            while slot.level > 0 {
                guard at >= 0 else {
                    path.seekingParent = (path.seekingParent ?? []) + [slot]
                    break
                }
                var step = path.items[at]
                at -= 1
                // Steps that bind the focus do not move: skip a run of them.
                while at >= 0, step.focus != nil, path.items[at].focus != nil {
                    step = path.items[at]
                    at -= 1
                }
                slot = try seekParent(step, slot)
            }
        }
    }
}
