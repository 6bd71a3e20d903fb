//! More work than the store takes on: refused at once, and taken again as soon as there is room.

use std::{
    sync::mpsc,
    task::{Context, Waker},
    time::{Duration, Instant},
};

use candour::store::StoreError;

use crate::{on_both, support::until};

/// How soon a caller is told that there is no room.
const AT_ONCE: Duration = Duration::from_millis(50);
/// How many reads the store works on and keeps waiting, by its defaults.
const READERS: usize = 4;
const WAITING: usize = 1024;

on_both! {
    fn a_call_for_which_there_is_no_room_is_refused_at_once(server) {
        let request = format!("/v1/requests/{}", server.request("2026-06-01", &["1"]));
        let mut gates = Vec::new();
        let mut held = Vec::new();
        let mut occupy = || {
            let (open, gate) = mpsc::channel::<()>();
            let store = server.state.store.clone();
            gates.push(open);
            // Asked once, it stands in the queue; nobody looks for its answer.
            let mut read = Box::pin(async move {
                store
                    .read(move |_| {
                        let _opened = gate.recv();
                        Ok::<_, StoreError>(())
                    })
                    .await
            });
            let _refused_or_waiting = read.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            held.push(read);
        };
        // Each reader stands at a gate; then the queue is filled. What the service reads by itself waits there as well.
        (0..READERS).for_each(|_| occupy());
        until("the readers are busy", || server.state.store.waiting_reads() == 0);
        until("the queue is full", || {
            occupy();
            server.state.store.waiting_reads() == WAITING
        });
        let mut taken = Vec::new();
        for _ in 0..20 {
            let asked = Instant::now();
            let refused = server.get(&request);
            taken.push(asked.elapsed());
            refused.problem(503, "overloaded");
            assert_eq!(refused.header("retry-after"), "1");
        }
        taken.sort_unstable();
        // The median: half of them are quicker.
        assert!(taken[10] < AT_ONCE, "{taken:?}");
        // Nothing that needs no reader is in the way: the process is alive, and says so.
        server.anonymous().get("/livez").expect(200);
        drop((gates, held));
        until("there is room again", || server.get(&request).status == 200);
    }
}
