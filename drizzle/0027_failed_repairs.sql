-- A repair that fails again is told as the first failure was: whoever ran it again looks elsewhere by then.
create trigger dead_letter_reopened after update of state on dead_letters for each row
  when (old.state = 'retried' and new.state = 'open')
  execute function dead_letter_opened();
