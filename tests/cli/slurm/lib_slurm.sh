# shellcheck shell=sh
# Sourced after lib.sh by the tests on a Slurm cluster: a real one of two virtual nodes, on loopback, in a folder of
# its own, started by start_cluster and stopped when the test ends.

# need_slurm: skips the test, loudly, where no cluster can be started.
need_slurm() {
  PATH=$PATH:/usr/sbin:/sbin
  for program in slurmctld slurmd srun sbatch munged; do
    command -v "$program" >/dev/null || {
      echo "SKIPPED: no $program; Debian: apt-get install slurmctld slurmd slurm-client munge"
      exit 77
    }
  done
  [ "$(id -u)" -eq 0 ] || {
    echo "SKIPPED: only root can start slurmd"
    exit 77
  }
}

# small_training: the block of slurm/train.sh for a model that trains in no time, as a user would set it in the file.
small_training() {
  export NUM_LYS=2 HIDDEN_SIZE=32 NUM_ATTN_HEADS=4 SEQ_LEN=16 MAX_POS_EM=16 MICRO_BATCH_SIZE=2 GLOBAL_BATCH_SIZE=8
  export LR=1e-2 MIN_LR=1e-3 LR_WARMUP_ITERS=2 LOG_INTERVAL=2 EVAL_INTERVAL=1000000 EVAL_ITERS=0 OMP_WAIT_POLICY=passive
}

# free_ports: three neighbouring ports nobody listens on, the first of them.
free_ports() {
  python3 - <<'PYTHON'
import random
import socket

for _ in range(100):
    first = random.randrange(20000, 32000)
    held = []
    try:
        for port in range(first, first + 3):
            listener = socket.socket()
            held.append(listener)
            listener.bind(("127.0.0.1", port))
    except OSError:
        continue
    finally:
        for listener in held:
            listener.close()
    print(first)
    break
PYTHON
}

write_slurm_conf() {
  port=$(free_ports)
  host=$(hostname -s)
  cat >"$cluster/slurm.conf" <<CONF
ClusterName=test$port
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$cluster/munge/munge.socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=$port
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmctldLogFile=$cluster/log/slurmctld.log
StateSaveLocation=$cluster/state
SlurmdPidFile=$cluster/slurmd.%n.pid
SlurmdLogFile=$cluster/log/slurmd.%n.log
SlurmdSpoolDir=$cluster/spool/%n
TmpFS=$cluster/tmp/%n
TaskProlog=$cluster/taskprolog.sh
PlugStackConfig=$cluster/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=pmix
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$cluster/log/jobcomp.txt
ReturnToService=2
KillWait=5
MinJobAge=3600
MailProg=/bin/true
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 2))] CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

# start_cluster: nodes n1 and n2, four processors each as far as Slurm knows.
start_cluster() {
  cluster=$(mktemp -d /tmp/gpt-slurm.XXXXXX)
  chmod 755 "$cluster"
  trap 'stop_cluster; rm -rf "$scratch" "$cluster"' EXIT
  trap 'exit 1' HUP INT TERM
  mkdir -p "$cluster/munge" "$cluster/state" "$cluster/log" "$cluster/spool/n1" "$cluster/spool/n2" \
    "$cluster/tmp/n1" "$cluster/tmp/n2"
  chmod 1777 "$cluster/tmp/n1" "$cluster/tmp/n2"
  : >"$cluster/plugstack.conf"
  (umask 077 && head -c 128 /dev/urandom >"$cluster/munge/key")
  # Open MPI's shared memory of the two nodes, which are one machine, must not meet.
  cat >"$cluster/taskprolog.sh" <<PROLOG
#!/bin/sh
echo "export OMPI_MCA_btl_vader_backing_directory=$cluster/tmp/\$SLURMD_NODENAME"
PROLOG
  chmod +x "$cluster/taskprolog.sh"
  write_slurm_conf
  export SLURM_CONF="$cluster/slurm.conf"
  munged --force --key-file="$cluster/munge/key" --socket="$cluster/munge/munge.socket" \
    --pid-file="$cluster/munge/munged.pid" --log-file="$cluster/munge/munged.log" \
    --seed-file="$cluster/munge/seed" || fail "munged: $(cat "$cluster/munge/munged.log")"
  slurmctld -i >"$cluster/log/slurmctld.out" 2>&1 || fail "slurmctld: $(cat "$cluster/log/slurmctld.out")"
  for node in n1 n2; do
    slurmd -N "$node" >"$cluster/log/slurmd.$node.out" 2>&1 || fail "slurmd: $(cat "$cluster/log/slurmd.$node.out")"
  done
  wait_until 60 'two idle nodes' two_idle_nodes
  # The first launch on a fresh cluster may hang.
  timeout 20 srun -N 2 -n 2 true >/dev/null 2>&1 || timeout 60 srun -N 2 -n 2 true || fail "srun: $(tail -n 5 "$cluster"/log/*.log)"
}

two_idle_nodes() { [ "$(sinfo -h -N -t idle 2>/dev/null | wc -l)" -eq 2 ]; }

stop_cluster() {
  scancel --state=RUNNING --user=root 2>/dev/null
  for pid_file in "$cluster"/slurmd.n1.pid "$cluster"/slurmd.n2.pid "$cluster/slurmctld.pid" "$cluster/munge/munged.pid"; do
    [ -s "$pid_file" ] || continue
    pid=$(cat "$pid_file")
    kill "$pid" 2>/dev/null
    waited=0
    while kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 100 ]; do
      sleep 0.1
      waited=$((waited + 1))
    done
    kill -9 "$pid" 2>/dev/null
  done
  :
}

# wait_until SECONDS WHAT COMMAND...: until the command succeeds; fails with WHAT when it does not in time.
wait_until() {
  wait_seconds=$1
  what=$2
  shift 2
  waited=0
  until "$@"; do
    waited=$((waited + 1))
    [ "$waited" -le "$((wait_seconds * 4))" ] || fail "no $what after $wait_seconds s"
    sleep 0.25
  done
}

# submit FILE-OR-OPTIONS...: sbatch; prints the job's number.
submit() { sbatch --parsable "$@" | cut -d ';' -f 1; }

job_state() { scontrol -o show job "$1" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p'; }
in_state() { [ "$(job_state "$1")" = "$2" ]; }
job_over() {
  case $(job_state "$1") in
    PENDING | RUNNING | COMPLETING | SUSPENDED | REQUEUED) return 1 ;;
  esac
}
