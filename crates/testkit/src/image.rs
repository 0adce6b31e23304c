//! A file system of its own, that can be filled up and whose power can be cut.

use std::{
    fs::File,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// `EXT4_IOC_SHUTDOWN`, and its flag for "drop everything that was not synced, the journal too".
const SHUTDOWN: libc::c_ulong = 0x8004_587d;
static NO_LOG_FLUSH: u32 = 2;

/// An ext4 image, mounted through a loop device. Needs root, as a power cut does.
pub struct Image {
    directory: TempDir,
    mounted: bool,
}

impl Image {
    /// Makes and mounts an image of so many MiB.
    ///
    /// # Panics
    /// When this machine can't: without these tests nobody knows that acknowledged entries survive.
    pub fn new(mebibytes: u64) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut image = Self { directory, mounted: false };
        let file = File::create(image.file()).expect("an image");
        file.set_len(mebibytes << 20).expect("an image of that size");
        std::fs::create_dir(image.root()).expect("a mount point");
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image.file()));
        image.mount();
        image
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("image")
    }

    /// Where it is mounted.
    pub fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    fn mount(&mut self) {
        run(Command::new("mount").args(["-o", "loop"]).arg(self.file()).arg(self.root()));
        self.mounted = true;
    }

    fn unmount(&mut self) {
        run(Command::new("umount").arg(self.root()));
        self.mounted = false;
    }

    /// Cuts the power: from now on nothing reaches the disk, and what had not reached it is lost.
    pub fn cut(&self) {
        let root = File::open(self.root()).expect("the mount point");
        // SAFETY: the call reads one u32 behind the pointer, which lives until it returns.
        let outcome = unsafe { libc::ioctl(root.as_raw_fd(), SHUTDOWN, &raw const NO_LOG_FLUSH) };
        assert_eq!(outcome, 0, "the shutdown call: {}", std::io::Error::last_os_error());
    }

    /// Gives the power back. Nobody may have a file open.
    pub fn restore(&mut self) {
        self.unmount();
        self.mount();
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        if self.mounted {
            // Lazily, because a failed test may have left a file open.
            let _ = Command::new("umount").arg("-l").arg(self.root()).status();
        }
    }
}

fn run(command: &mut Command) {
    let outcome = command.output().unwrap_or_else(|error| panic!("{command:?} can't be started: {error}"));
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(
        outcome.status.success(),
        "{command:?} failed: {said}\nthis test needs root, e2fsprogs and loop mounts, and isn't skipped without them"
    );
}

/// Writes a file that takes `mebibytes` of space.
pub fn fill(path: &Path, mebibytes: usize) {
    std::fs::write(path, vec![1; mebibytes << 20]).expect("there is room");
    File::open(path).and_then(|file| file.sync_all()).expect("it can be synced");
}
