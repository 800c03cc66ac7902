# Two servers. Lines that begin with # do not count.
python3 -m http.server @mine@ --bind 127.0.0.1 &
ncat --ssl -lk 127.0.0.1 @other@ --sh-exec date &
wait
