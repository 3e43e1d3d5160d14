use super::*;

const COLUMNS: &[Column] = &[
    Column { title: "a", least: 4, most: 10, align: Align::Left, rank: 0 },
    Column { title: "b", least: 6, most: 20, align: Align::Left, rank: 1 },
    Column { title: "c", least: 8, most: 8, align: Align::Right, rank: 2 },
];

fn rows(ids: impl Iterator<Item = u32>) -> Vec<Row<u32>> {
    ids.map(|id| Row { id, cells: vec![Cell::plain(id.to_string()), Cell::plain("成都文轩"), Cell::plain("1.00")] })
        .collect()
}

/// A list over 1..=10 with room for four, answered from memory as a pane would.
struct Store {
    all: Vec<u32>,
    list: List<u32>,
}

impl Store {
    fn new() -> Store {
        let mut store = Store { all: (1..=10).collect(), list: List::default() };
        store.list.fit(4);
        store.read();
        store
    }
    fn read(&mut self) {
        let all = &self.all;
        let page = |need: Need<u32>, height| Ok::<_, ()>(rows(need.page_of(all, |id| *id, height).iter().copied()));
        self.list.read(page).unwrap();
    }
    fn go(&mut self, travel: Travel) -> Option<u32> {
        if self.list.travel(travel) {
            self.read();
        }
        self.list.at()
    }
}

#[test]
fn steps_cross_pages_and_stop_at_the_ends() {
    let mut store = Store::new();
    let down: Vec<u32> = (0..11).filter_map(|_| store.go(Travel::Down)).collect();
    assert_eq!(down, [2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
    let up: Vec<u32> = (0..11).filter_map(|_| store.go(Travel::Up)).collect();
    assert_eq!(up, [9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1]);
    assert_eq!(
        [Travel::PageDown, Travel::Last, Travel::PageUp, Travel::First].map(|t| store.go(t)),
        [Some(5), Some(10), Some(8), Some(1)]
    );
}

#[test]
fn a_row_put_in_above_does_not_move_the_choice() {
    let mut store = Store::new();
    store.go(Travel::Down);
    store.all.insert(0, 77);
    store.all.insert(2, 78); // between 1 and 2
    store.read();
    assert_eq!(store.list.at(), Some(2));
}

#[test]
fn what_is_new_shows_on_the_first_page_and_the_choice_stays_in_sight() {
    let mut store = Store::new();
    store.all.insert(0, 77);
    store.read();
    assert_eq!((store.list.rows()[0].id, store.list.at()), (77, Some(1)));
    store.go(Travel::First);
    store.list.go_to(4);
    assert_eq!(store.list.at(), Some(3));
    store.all.insert(0, 78);
    store.read();
    assert_eq!(store.list.at(), Some(3), "pushed off its page, it is still chosen");
    assert!(store.list.rows().iter().any(|row| row.id == 3));
}

#[test]
fn where_the_chosen_row_is_gone_its_place_is_chosen() {
    let mut store = Store::new();
    store.go(Travel::Down);
    store.all.retain(|id| *id != 2);
    store.read();
    assert_eq!(store.list.at(), Some(3));
    store.all.clear();
    store.read();
    assert_eq!(store.list.at(), None);
}

#[test]
fn a_number_reaches_its_row_of_the_page() {
    let mut store = Store::new();
    store.go(Travel::PageDown);
    assert!(store.list.go_to(3));
    assert_eq!(store.list.at(), Some(7));
    assert!(!store.list.go_to(5) && !store.list.go_to(0));
}

#[test]
fn a_smaller_window_keeps_the_chosen_row_in_sight() {
    let mut store = Store::new();
    store.list.go_to(4);
    store.list.fit(2);
    store.read();
    assert_eq!((store.list.at(), store.list.rows().iter().any(|row| row.id == 4)), (Some(4), true));
}

#[test]
fn columns_give_way_by_rank_and_grow_in_order() {
    assert_eq!(fit_columns(COLUMNS, 20), [(0, 4), (1, 6), (2, 8)]);
    assert_eq!(fit_columns(COLUMNS, 19), [(0, 10), (1, 8)]);
    assert_eq!(fit_columns(COLUMNS, 10), [(0, 10)]);
    assert_eq!(fit_columns(COLUMNS, 3), []);
    assert_eq!(fit_columns(COLUMNS, 40), [(0, 10), (1, 20), (2, 8)]);
}

#[test]
fn the_chosen_row_has_its_mark_and_is_reversed() {
    let store = Store::new();
    let picture = Picture {
        columns: COLUMNS,
        titles: vec!["单号", "经销商", "款"],
        number: "行",
        focused: true,
        empty: "",
        look: Look::Mono,
    };
    let mut canvas = Canvas::new(Rect::new(0, 0, 30, 4));
    picture.render(&store.list, canvas.area, &mut canvas);
    let buf = canvas.picture();
    assert_eq!((buf[(0, 1)].symbol(), buf[(2, 1)].symbol(), buf[(0, 2)].symbol()), (">", "1", " "));
    assert!(buf[(29, 1)].modifier.contains(ratatui::style::Modifier::REVERSED));
    assert!(!buf[(29, 2)].modifier.contains(ratatui::style::Modifier::REVERSED));
}

#[test]
fn a_row_that_is_sought_is_chosen_on_the_first_page_or_on_its_own() {
    let mut store = Store::new();
    store.go(Travel::Last);
    store.list.seek(3);
    store.read();
    let page = |store: &Store| store.list.rows().iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!((store.list.at(), page(&store)), (Some(3), vec![1, 2, 3, 4]));
    store.all.insert(0, 77);
    store.read();
    assert_eq!(page(&store), [77, 1, 2, 3], "what comes in above is seen");
    store.list.seek(7);
    store.read();
    assert_eq!((store.list.at(), page(&store)), (Some(7), vec![7, 8, 9, 10]));
}
