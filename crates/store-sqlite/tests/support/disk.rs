//! A disk of our own: an ext4 file system in a file, that can lose power or be full. Needs root.

use std::{
    fs::{self, File},
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// `_IOR('X', 125, __u32)`: ext4 stops at once; flag 2: without writing out its journal.
const EXT4_IOC_SHUTDOWN: libc::c_ulong = 0x8004_587d;
const NO_LOG_FLUSH: u32 = 2;

/// A mounted image.
pub struct Disk {
    image: PathBuf,
    mount: PathBuf,
    mounted: bool,
    _dir: TempDir,
}

fn run(program: &str, args: &[&str]) {
    let output =
        Command::new(program).args(args).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {args:?} (this test needs root, for a disk of its own): {said}"
    );
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

impl Disk {
    /// A new disk of a size.
    pub fn new(bytes: u64) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (image, mount) = (dir.path().join("image"), dir.path().join("mount"));
        File::create(&image).and_then(|file| file.set_len(bytes)).expect("an image is made");
        fs::create_dir(&mount).expect("a mount point is made");
        run("mkfs.ext4", &["-q", "-F", "-m", "0", "-b", "4096", text(&image)]);
        let mut disk = Self { image, mount, mounted: false, _dir: dir };
        disk.mount();
        disk
    }

    fn mount(&mut self) {
        run("mount", &["-o", "loop", text(&self.image), text(&self.mount)]);
        self.mounted = true;
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.mount
    }

    /// Cuts the power: whatever was not synced is gone, and every later write fails.
    pub fn cut(&self) {
        let root = File::open(&self.mount).expect("the mount point opens");
        let flag = NO_LOG_FLUSH;
        // SAFETY: the descriptor is open and the argument points to the number that this request reads.
        let outcome = unsafe { libc::ioctl(root.as_raw_fd(), EXT4_IOC_SHUTDOWN, &raw const flag) };
        assert_eq!(outcome, 0, "the file system is shut down: {}", std::io::Error::last_os_error());
    }

    /// Power again: what is on the disk is all there is. Nothing may have a file open.
    pub fn restart(&mut self) {
        run("umount", &[text(&self.mount)]);
        self.mounted = false;
        self.mount();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // Lazily: a failed test may hold files open.
            let _ = Command::new("umount").args(["-l", text(&self.mount)]).output();
        }
    }
}
