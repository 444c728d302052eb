import JSON

/// Makes all seeds of a sandbox once, and prints a record of each collection: what only fails when it is evaluated.
enum SeedLint {
    static func faults(_ plan: VendorPlan, _ holder: MachineHolder) -> [SandboxFault] {
        let spool = FileSpool(maxKeptBytes: 1 << 20)
        let machine = Machine(plan: plan, core: SandboxCore(clock: SandboxClock(nil), spool: spool), options: SandboxOptions())
        holder.machine = machine
        return withExtendedLifetime(machine) {
            plan.collections.values.sorted { $0.name < $1.name }.compactMap { spec in
                do {
                    for record in try machine.table(spec.name).records.prefix(3) { _ = try machine.show(spec, record) }
                } catch Ending.broken(let reason) {
                    return SandboxFault(path: ["collections", spec.name], message: reason)
                } catch {
                    // A failure that the file itself asks for needs a request to be judged.
                }
                return nil
            }
        }
    }
}
