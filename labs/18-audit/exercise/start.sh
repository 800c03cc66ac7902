# Two servers. Lines that begin with # do not count.
python3 -m http.server @mine@ &
ncat -lk 0.0.0.0 @other@ --sh-exec date &
wait
