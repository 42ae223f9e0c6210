//! The list against a model: the same operations on a Vec.

use super::*;

struct Bench {
    // Boxes of their own, so that no reference to one node covers another.
    nodes: Vec<*mut Node>,
    owners: [*mut Owner; 2],
}

impl Bench {
    fn new(count: usize) -> Self {
        Self {
            nodes: (0..count)
                .map(|_| Box::into_raw(Box::new(Node::detached())))
                .collect(),
            owners: std::array::from_fn(|_| Box::into_raw(Box::new(Owner::empty()))),
        }
    }

    fn item(&self, index: usize) -> Item {
        // SAFETY: the boxes live as long as the bench, on this thread.
        unsafe { Item::new(self.nodes[index]) }.unwrap()
    }

    fn list(&self, index: usize) -> List {
        // SAFETY: as above.
        unsafe { List::new(self.owners[index]) }.unwrap()
    }

    fn index(&self, item: Item) -> usize {
        self.nodes.iter().position(|n| *n == item.as_ptr()).unwrap()
    }

    /// Order forwards; checks backwards, count and owners on the way.
    fn order(&self, index: usize) -> Vec<usize> {
        let list = self.list(index);
        let (mut forward, mut backward) = (vec![], vec![]);
        let mut at = list.head();
        while let Some(item) = at {
            assert_eq!(item.list(), Some(list));
            forward.push(self.index(item));
            at = item.next();
        }
        at = list.tail();
        while let Some(item) = at {
            backward.push(self.index(item));
            at = item.prev();
        }
        backward.reverse();
        assert_eq!(forward, backward);
        assert_eq!(forward.len(), list.count() as usize);
        forward
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        for node in &self.nodes {
            // SAFETY: made by into_raw in `new`, freed once.
            drop(unsafe { Box::from_raw(*node) });
        }
        for owner in self.owners {
            // SAFETY: made by into_raw in `new`, freed once.
            drop(unsafe { Box::from_raw(owner) });
        }
    }
}

#[test]
fn random_operations_give_the_order_of_a_vec() {
    let bench = Bench::new(9);
    let mut model = [Vec::new(), Vec::new()];
    let mut seed = 12345u32;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as usize % below
    };
    for _ in 0..5000 {
        let (node, to) = (next(9), next(2));
        let other = next(9);
        let operation = next(5);
        if operation == 3 && (other == node || !model.iter().any(|m| m.contains(&other))) {
            continue;
        }
        for list in &mut model {
            list.retain(|n| *n != node);
        }
        match operation {
            0 => {
                bench.list(to).push_head(bench.item(node));
                model[to].insert(0, node);
            }
            1 => {
                bench.list(to).push_tail(bench.item(node));
                model[to].push(node);
            }
            2 => bench.item(node).remove(),
            3 => {
                bench.item(node).insert_before(bench.item(other));
                let list = model.iter_mut().find(|m| m.contains(&other)).unwrap();
                let at = list.iter().position(|n| *n == other).unwrap();
                list.insert(at, node);
            }
            _ => {
                let before = bench.item(other);
                bench
                    .list(to)
                    .insert_sorted(bench.item(node), |i| i == before);
                let at = model[to]
                    .iter()
                    .position(|n| *n == other)
                    .unwrap_or(model[to].len());
                model[to].insert(at, node);
            }
        }
        assert_eq!(bench.order(0), model[0]);
        assert_eq!(bench.order(1), model[1]);
    }
}

#[test]
fn visited_node_may_go_away_while_visiting() {
    let bench = Bench::new(4);
    for i in 0..4 {
        bench.list(0).push_tail(bench.item(i));
    }
    let stopped = bench.list(0).any(|item| {
        item.remove();
        bench.index(item) == 2
    });
    assert!(stopped);
    assert_eq!(bench.order(0), [3]);
}

#[test]
fn detached_node_is_all_null() {
    let bench = Bench::new(2);
    bench.list(0).push_tail(bench.item(0));
    bench.list(0).push_tail(bench.item(1));
    bench.list(0).detach_all();
    for i in 0..2 {
        assert_eq!(
            (
                bench.item(i).prev(),
                bench.item(i).next(),
                bench.item(i).list()
            ),
            (None, None, None)
        );
    }
    assert!(bench.order(0).is_empty());
}

#[test]
fn insert_before_itself_or_a_detached_node_changes_nothing() {
    let bench = Bench::new(2);
    bench.list(0).push_tail(bench.item(0));
    bench.item(0).insert_before(bench.item(0));
    bench.item(0).insert_before(bench.item(1));
    assert_eq!(bench.order(0), [0]);
}
