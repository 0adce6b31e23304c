//! The power of the whole server is cut under load.

use loquat_testkit::{Crowd, Image, Setup, crowd::Options, laws};

const CUTS: usize = 6;

#[test]
fn heavy_no_power_cut_loses_an_acknowledged_message() {
    let mut image = Image::new(256);
    let setup = Setup::new().in_folder(&image.root());
    let mut server = setup.start();
    let options = Options::small(setup.address);
    let channels = options.channels.clone();
    let mut crowd = Crowd::start(options, 2);
    for cut in 0..CUTS {
        crowd.works(150);
        crowd.latecomer(cut, 3);
        crowd.works(150);
        image.cut();
        // It may have stopped by itself: its disk is gone.
        drop(server);
        image.restore();
        server = setup.start();
    }
    crowd.works(40);
    let evidence = crowd.finish();
    let summary = laws::check(&evidence, setup.address, &channels, laws::Disk::Failed);
    eprintln!("{CUTS} cuts: {summary:?}");
    drop(server);
}
