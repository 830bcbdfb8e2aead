//! The memory of a process, as the operating system tells it.

/// A field of this process's status in KiB, for example `VmHWM`, the highest resident size so far.
pub(super) fn kib(field: &str) -> Option<u64> {
    kib_of(std::process::id(), field)
}

/// A field of a process's status in KiB.
pub(super) fn kib_of(process: u32, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
